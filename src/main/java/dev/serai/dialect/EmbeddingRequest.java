package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An embeddings request in OpenAI's format, read once from its bytes. {@code input} is a text, a
 * list of texts, a list of tokens or a list of such lists; none of them may be empty. Fields that
 * Serai does not know stay as they are.
 *
 * <p>Immutable as long as nobody writes to the array it was parsed from.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/create">OpenAI's
 *     reference</a>
 */
public final class EmbeddingRequest implements ModelRequest {

  /** Sets its fingerprints apart from those of chats; no target's name begins so. */
  private static final String KIND = "\0embeddings ";

  /** What becomes one vector. */
  public sealed interface Input {
    /** A text; not empty. */
    record Text(String text) implements Input {}

    /** Tokens of the model's own encoding; at least one. */
    record Tokens(int[] ids) implements Input {}
  }

  private final byte[] body;
  private final List<String> fields;
  private final @Nullable String model;
  private final @Nullable String encodingFormat;
  private final @Nullable Long dimensions;
  private final @Nullable String user;
  private final int open;
  private final Span input;
  private final int[] starts;
  private final int[] ends;
  private final int size;
  private final @Nullable Span modelValue;

  EmbeddingRequest(EmbeddingReader read) {
    body = read.body;
    fields = read.fields;
    model = read.model;
    encodingFormat = read.encodingFormat;
    dimensions = read.dimensions;
    user = read.user;
    open = read.open;
    input = read.input;
    starts = read.starts;
    ends = read.ends;
    size = read.size;
    modelValue = read.modelValue;
  }

  /**
   * Reads a request.
   *
   * @param body UTF-8 JSON, not copied; a leading byte order mark is dropped
   * @throws InvalidRequestException when it is no JSON object, is not UTF-8, has a key twice, has
   *     no input or an empty one, or a field that Serai reads has a wrong type
   */
  public static EmbeddingRequest parse(byte[] body) {
    return EmbeddingReader.read(body);
  }

  @Override
  public @Nullable String model() {
    return model;
  }

  @Override
  public boolean has(String field) {
    return fields.contains(field);
  }

  /** {@code float} or {@code base64}, or what else a provider may know; float when not given. */
  public String encodingFormat() {
    return encodingFormat == null ? "float" : encodingFormat;
  }

  /** How long the vectors shall be; any number, null when not given. */
  public @Nullable Long dimensions() {
    return dimensions;
  }

  /** Whose request it is, as the provider is told; null when not given. */
  public @Nullable String user() {
    return user;
  }

  /** How many vectors are asked for, at least 1. */
  public int size() {
    return size;
  }

  /** Gives the inputs, in their order. */
  public void forEach(Consumer<Input> consumer) {
    try (JsonParser json = Json.ANSWERS.createParser(body, input.start(), input.length())) {
      if (json.nextToken() == JsonToken.VALUE_STRING) {
        consumer.accept(new Input.Text(json.getText()));
      } else if (body[starts[0]] == '[') {
        if (starts[0] == input.start()) {
          consumer.accept(tokens(json));
        } else {
          while (json.nextToken() == JsonToken.START_ARRAY) {
            consumer.accept(tokens(json));
          }
        }
      } else {
        while (json.nextToken() == JsonToken.VALUE_STRING) {
          consumer.accept(new Input.Text(json.getText()));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Input tokens(JsonParser json) throws IOException {
    List<Integer> ids = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      ids.add(json.getIntValue());
    }
    return new Input.Tokens(ids.stream().mapToInt(Integer::intValue).toArray());
  }

  /** How large the body is, in bytes. */
  public int bytes() {
    return body.length;
  }

  /**
   * The bytes to send to a target; what is not named here stays byte for byte.
   *
   * @param upstreamModel takes the place of {@code model}
   * @param from the first input to send
   * @param to one after the last
   * @param defaultText added when the body has no field of that name, be it null
   * @return the array this was parsed from when nothing changes; not to be written to
   */
  public byte[] forUpstream(
      String upstreamModel, int from, int to, @Nullable TextField defaultText) {
    List<Edit> edits = new ArrayList<>(4);
    StringBuilder added = new StringBuilder();
    if (modelValue == null) {
      added.append("\"model\":").append(Json.quote(upstreamModel)).append(',');
    } else if (!upstreamModel.equals(model)) {
      edits.add(new Edit(modelValue, Json.quote(upstreamModel)));
    }
    if (defaultText != null && !has(defaultText.name())) {
      added.append(Json.quote(defaultText.name())).append(':');
      added.append(Json.quote(defaultText.value())).append(',');
    }
    if (!added.isEmpty()) {
      edits.add(new Edit(new Span(open + 1, open + 1), added.toString()));
    }
    if (from > 0) {
      edits.add(new Edit(new Span(starts[0], starts[from]), ""));
    }
    if (to < size) {
      edits.add(new Edit(new Span(ends[to - 1], ends[size - 1]), ""));
    }
    return Edit.apply(body, edits);
  }

  @Override
  public byte[] fingerprint(String targetAndModel, @Nullable BigDecimal effectiveTemperature) {
    return Fingerprint.of(body, KIND + targetAndModel, null);
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "EmbeddingRequest[" + body.length + " bytes, " + size + " inputs]";
  }
}
