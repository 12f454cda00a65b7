package dev.serai.route;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import dev.serai.chat.CallResult;
import dev.serai.dialect.Answers;
import dev.serai.recall.StoredAnswer;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** The whole result of a call as callers without HTTP get it. */
final class FileResult {

  private static final ObjectMapper JSON = new ObjectMapper();

  private FileResult() {}

  /** What is needed to deliver a stored result. */
  record Delivery(
      String content,
      String target,
      long tokensInput,
      long tokensOutput,
      @Nullable Long costNanos,
      String requestId) {}

  static String json(Call call, StoredAnswer stored) {
    Long costNanos = call.answeredBy == null ? (Long) 0L : stored.costNanos();
    CallResult result = Answers.result(stored.asWhole(), stored.usage(), costNanos);
    ObjectNode root = JSON.createObjectNode();
    root.put("content", result.content());
    root.put("model", result.model());
    root.put("tokens_input", result.tokensInput());
    root.put("tokens_output", result.tokensOutput());
    root.put("cost", result.cost());
    root.put("target", stored.target());
    root.put("attempts", call.attempts);
    root.put("cache", call.cacheState.label);
    root.put("request_id", call.requestId);
    root.putRawValue("raw", new RawValue(result.raw()));
    try {
      return JSON.writeValueAsString(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree always has a text", e);
    }
  }

  static Delivery read(String json) {
    try {
      JsonNode root = JSON.readTree(json);
      BigDecimal cost = root.get("cost").isNull() ? null : root.get("cost").decimalValue();
      return new Delivery(
          root.get("content").textValue(),
          root.get("target").textValue(),
          root.get("tokens_input").longValue(),
          root.get("tokens_output").longValue(),
          cost == null ? null : (Long) cost.movePointRight(9).longValue(),
          root.get("request_id").textValue());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a stored result is JSON", e);
    }
  }
}
