package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.Prompt;
import dev.serai.dialect.chat.Thinking;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A request to the Messages API.
 *
 * @see <a href="https://docs.anthropic.com/en/api/messages">Messages at Anthropic</a>
 */
public final class MessagesRequest {

  /** Beyond it Anthropic refuses; OpenAI's scale goes to 2. */
  private static final BigDecimal HOTTEST = BigDecimal.ONE;

  /** The smallest {@code top_p} that goes with thinking. */
  private static final BigDecimal THINKING_TOP_P = new BigDecimal("0.95");

  private final byte[] json;
  private final @Nullable String answerTool;

  private MessagesRequest(byte[] json, @Nullable String answerTool) {
    this.json = json;
    this.answerTool = answerTool;
  }

  /**
   * Writes a request.
   *
   * @param prompt what is asked
   * @param maxAnswerTokens how long the answer may be where the prompt does not say; 1 or more
   * @throws InvalidRequestException when Claude cannot read an image or a document
   */
  public static MessagesRequest of(Prompt prompt, long maxAnswerTokens) {
    ToolSet tools = ToolSet.of(prompt);
    Thinking thinking = Thinking.of(prompt, maxAnswerTokens, tools.forced());
    MessageBlocks blocks = MessageBlocks.of(prompt.messages(), thinking.on());
    ObjectNode request = Json.TREES.createObjectNode();
    request.put("model", prompt.model());
    request.put("max_tokens", thinking.maxTokens());
    if (!blocks.system().isEmpty()) {
      request.set("system", blocks.system());
    }
    request.set("messages", blocks.messages());
    if (prompt.stream()) {
      request.put("stream", true);
    }
    tools.write(request);
    stop(prompt.stop(), request);
    sampling(prompt, thinking, request);
    if (thinking.budget() > 0) {
      request.putObject("thinking").put("type", "enabled").put("budget_tokens", thinking.budget());
    }
    if (prompt.endUser() != null) {
      request.putObject("metadata").put("user_id", prompt.endUser());
    }
    for (Map.Entry<String, JsonNode> own : prompt.rest().properties()) {
      request.set(own.getKey(), own.getValue());
    }
    return new MessagesRequest(Json.write(request), tools.answerTool());
  }

  private static void stop(List<String> texts, ObjectNode request) {
    if (!texts.isEmpty()) {
      ArrayNode stop = request.putArray("stop_sequences");
      texts.forEach(stop::add);
    }
  }

  /** Thinking has a temperature of its own, and nearly the whole of {@code top_p}. */
  private static void sampling(Prompt prompt, Thinking thinking, ObjectNode request) {
    BigDecimal temperature = prompt.temperature();
    if (temperature != null && !thinking.on()) {
      request.put("temperature", temperature.min(HOTTEST));
    }
    BigDecimal topP = prompt.topP();
    boolean fits = !thinking.on() || (topP != null && topP.compareTo(THINKING_TOP_P) >= 0);
    if (topP != null && fits) {
      request.put("top_p", topP);
    }
  }

  /** The body to send, UTF-8. */
  public byte[] json() {
    return json;
  }

  /**
   * The tool whose arguments are the answer itself, because the answer must be JSON; null where the
   * answer is text.
   */
  public @Nullable String answerTool() {
    return answerTool;
  }
}
