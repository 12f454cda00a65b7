package dev.serai.dialect;

import dev.serai.chat.ChatMessage;
import dev.serai.chat.Extras;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A chat request in OpenAI's format, read once from its bytes. Only types are checked: but for
 * {@code n}, whether a value is in range is for the provider to say. Fields that are null count as
 * not given, and fields that Serai does not know stay as they are.
 *
 * <p>Immutable as long as nobody writes to the array it was parsed from.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI's reference</a>
 */
public final class ChatRequest implements ModelRequest {

  private static final String ASK_USAGE = "\"include_usage\":true";

  private final byte[] body;
  private final List<String> fields;
  private final List<Span> promptJson;
  private final @Nullable String model;
  private final boolean stream;
  private final boolean includeUsage;
  private final @Nullable BigDecimal temperature;
  private final GivenLimits limits;
  private final int choices;
  private final int messageCount;
  private final int imageCount;
  private final boolean plainText;
  private final int open;
  private final Span messages;
  private final @Nullable Span modelValue;
  private final @Nullable Span streamOptions;
  private final boolean streamOptionsEmpty;
  private final @Nullable Span includeUsageValue;
  private final @Nullable Span responseFormat;
  private final Extras extras;
  private final int audioBytes;
  private final int fileBytes;
  private final boolean filesElsewhere;

  ChatRequest(RequestReader read) {
    body = read.body;
    fields = read.fields;
    promptJson = read.promptJson;
    model = read.model;
    stream = read.stream;
    includeUsage = read.includeUsage;
    temperature = read.temperature;
    limits = new GivenLimits(read.maxTokens, read.maxCompletionTokens);
    choices = read.choices;
    messageCount = read.messageCount;
    imageCount = read.imageCount;
    plainText = read.plainText;
    open = read.open;
    messages = read.messages;
    modelValue = read.modelValue;
    streamOptions = read.streamOptions;
    streamOptionsEmpty = read.streamOptionsEmpty;
    includeUsageValue = read.includeUsageValue;
    responseFormat = read.responseFormat;
    extras = read.extras();
    audioBytes = read.audioBytes;
    fileBytes = read.files.bytes;
    filesElsewhere = read.files.elsewhere;
  }

  /**
   * Reads a request.
   *
   * @param body UTF-8 JSON, not copied; a leading byte order mark is dropped
   * @throws InvalidRequestException when it is no JSON object, is not UTF-8, has a key twice, is
   *     nested deeper than 100 levels, has no messages, or a field that Serai reads has a wrong
   *     type
   */
  public static ChatRequest parse(byte[] body) {
    return RequestReader.read(body);
  }

  @Override
  public @Nullable String model() {
    return model;
  }

  @Override
  public boolean stream() {
    return stream;
  }

  @Override
  public boolean includeUsage() {
    return includeUsage;
  }

  @Override
  public @Nullable BigDecimal temperature() {
    return temperature;
  }

  /**
   * {@code max_completion_tokens} or {@code max_tokens}, the larger one of both; any number, null
   * when not given.
   */
  public @Nullable Long maxOutputTokens() {
    return limits.most();
  }

  /** How many answers are asked for ({@code n}), 1 to 128. */
  public int choices() {
    return choices;
  }

  @Override
  public boolean has(String field) {
    return fields.contains(field);
  }

  /** How many messages there are, at least 1. */
  public int messageCount() {
    return messageCount;
  }

  /** How many images the messages hold. */
  public int imageCount() {
    return imageCount;
  }

  /** How many bytes of the body are sound, in base64. */
  public int audioBytes() {
    return audioBytes;
  }

  /** How many bytes of the body are files and videos, in base64 or as what stands for them. */
  public int fileBytes() {
    return fileBytes;
  }

  /** Whether there are files or videos that only the provider knows the size of. */
  public boolean filesElsewhere() {
    return filesElsewhere;
  }

  /** What it asks for that may have prices of its own. */
  public Extras extras() {
    return extras;
  }

  /** How large the body is, in bytes. */
  public int bytes() {
    return body.length;
  }

  /** Whether the messages are roles and texts, and nothing else. */
  public boolean plainText() {
    return plainText;
  }

  /** The {@code response_format} as JSON; null when it is no object or not given. */
  public @Nullable String responseFormat() {
    return responseFormat == null
        ? null
        : new String(body, responseFormat.start(), responseFormat.length(), StandardCharsets.UTF_8);
  }

  /** The messages one by one, byte for byte. */
  public List<ChatMessage> messages() {
    return MessageList.of(body, messages).all();
  }

  /**
   * The same request with earlier messages in front of its own, behind the system prompt that its
   * own begin with.
   *
   * @throws InvalidRequestException when a message is none that could have been sent
   */
  public ChatRequest after(List<ChatMessage> earlier) {
    MessageList own = MessageList.of(body, messages);
    return earlier.isEmpty() ? this : parse(own.with(own.leading(), earlier));
  }

  /**
   * The same request with more messages behind its own.
   *
   * @throws InvalidRequestException when a message is none that could have been sent
   */
  public ChatRequest followedBy(List<ChatMessage> more) {
    return more.isEmpty() ? this : parse(MessageList.of(body, messages).with(messageCount, more));
  }

  /** A request of nothing but this message, to count it. */
  public static ChatRequest of(ChatMessage message) {
    return parse(("{\"messages\":[" + message.json() + "]}").getBytes(StandardCharsets.UTF_8));
  }

  /** The text of the last message of role {@code user}, its parts on lines; empty if none. */
  public String lastUserText() {
    return PromptText.lastUserText(body, messages);
  }

  /**
   * Gives all text that a provider counts as prompt: message contents, names and tool calls, and as
   * JSON the tool definitions and the response format. Images, audio and files are left out.
   */
  public void forEachText(Consumer<String> text) {
    PromptText.forEach(body, messages, text);
    for (Span json : promptJson) {
      text.accept(new String(body, json.start(), json.length(), StandardCharsets.UTF_8));
    }
  }

  /**
   * The bytes to send to a target; what is not named here stays byte for byte.
   *
   * @param upstreamModel takes the place of {@code model}
   * @param askUsage sets {@code stream_options.include_usage}; only for streamed requests
   * @param defaultTemperature added when the body has no field {@code temperature}
   * @return the array this was parsed from when nothing changes; not to be written to
   */
  public byte[] forUpstream(
      String upstreamModel, boolean askUsage, @Nullable BigDecimal defaultTemperature) {
    return forUpstream(upstreamModel, askUsage, defaultTemperature, null, null);
  }

  /**
   * As {@link #forUpstream(String, boolean, BigDecimal)}.
   *
   * @param defaultText added when the body has no field of that name, be it null
   * @param maxTokens what holds where the body has no limit that the provider keeps to; null to
   *     leave it at what the body says
   */
  public byte[] forUpstream(
      String upstreamModel,
      boolean askUsage,
      @Nullable BigDecimal defaultTemperature,
      @Nullable TextField defaultText,
      @Nullable MaxTokens maxTokens) {
    List<Edit> edits = new ArrayList<>(3);
    StringBuilder added = new StringBuilder();
    if (modelValue == null) {
      added.append("\"model\":").append(Json.quote(upstreamModel)).append(',');
    } else if (!upstreamModel.equals(model)) {
      edits.add(new Edit(modelValue, Json.quote(upstreamModel)));
    }
    if (askUsage && !includeUsage) {
      if (streamOptions == null) {
        added.append("\"stream_options\":{").append(ASK_USAGE).append("},");
      } else {
        edits.add(usageEdit(streamOptions));
      }
    }
    if (defaultTemperature != null && !has("temperature")) {
      added.append("\"temperature\":").append(defaultTemperature).append(',');
    }
    if (defaultText != null && !has(defaultText.name())) {
      added.append(Json.quote(defaultText.name())).append(':');
      added.append(Json.quote(defaultText.value())).append(',');
    }
    if (maxTokens != null) {
      limits.tell(maxTokens, edits, added);
    }
    if (!added.isEmpty()) {
      edits.add(new Edit(new Span(open + 1, open + 1), added.toString()));
    }
    return Edit.apply(body, edits);
  }

  private Edit usageEdit(Span options) {
    if (includeUsageValue != null) {
      return new Edit(includeUsageValue, "true");
    }
    if (body[options.start()] != '{') {
      return new Edit(options, "{" + ASK_USAGE + "}");
    }
    int inside = options.start() + 1;
    return new Edit(new Span(inside, inside), streamOptionsEmpty ? ASK_USAGE : ASK_USAGE + ",");
  }

  @Override
  public byte[] fingerprint(String targetAndModel, @Nullable BigDecimal effectiveTemperature) {
    return Fingerprint.of(body, targetAndModel, has("temperature") ? null : effectiveTemperature);
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "ChatRequest[" + body.length + " bytes, " + messageCount + " messages]";
  }
}
