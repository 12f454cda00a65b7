package dev.serai.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.CallResult;
import dev.serai.chat.Usage;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Whole answers as neutral records. */
public final class Answers {

  private Answers() {}

  /**
   * The neutral record of a whole answer.
   *
   * @param body a {@link AnswerFacts#readable readable} answer; becomes {@code raw}
   * @param usage what the call used, as settled
   * @param costNanos what the call cost in nano-dollars; null when the model has no price
   * @throws IllegalArgumentException when the body is no JSON object
   */
  public static CallResult result(byte[] body, Usage usage, @Nullable Long costNanos) {
    JsonNode answer = tree(body);
    JsonNode choice = answer.path("choices").path(0);
    JsonNode logprobs = choice.path("logprobs");
    return new CallResult(
        text(choice.path("message").path("content")),
        answer.path("model").asText(""),
        usage.inputTokens(),
        usage.outputTokens(),
        costNanos == null ? null : BigDecimal.valueOf(costNanos, 9).stripTrailingZeros(),
        new String(body, StandardCharsets.UTF_8),
        logprobs.isContainerNode() ? logprobs.toString() : null);
  }

  /** The body as a tree; the exception says nothing of the content. */
  static JsonNode tree(byte[] body) {
    JsonNode answer = Json.tree(body, 0, body.length);
    if (answer == null || !answer.isObject()) {
      throw new IllegalArgumentException("The answer is no JSON object");
    }
    return answer;
  }

  private static String text(JsonNode content) {
    if (!content.isArray()) {
      return content.asText("");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").asText(""));
    }
    return text.toString();
  }
}
