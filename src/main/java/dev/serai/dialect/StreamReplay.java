package dev.serai.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Gives a stored answer again as a stream. */
public final class StreamReplay {

  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final ObjectNode frame = Json.TREES.createObjectNode();
  private final List<byte[]> events = new ArrayList<>();

  private StreamReplay() {}

  /**
   * The events of a stream that adds up to the answer: per choice its role, its content, its tool
   * calls and its end; then {@code [DONE]}.
   *
   * @param whole a {@link AnswerFacts#readable readable} answer
   * @param includeUsage whether the caller asked for the usage chunk
   * @throws IllegalArgumentException when the answer is no JSON object
   */
  public static List<byte[]> events(byte[] whole, boolean includeUsage) {
    JsonNode answer = Answers.tree(whole);
    StreamReplay replay = new StreamReplay();
    for (Map.Entry<String, JsonNode> field : answer.properties()) {
      switch (field.getKey()) {
        case "choices", "usage" -> {}
        case "object" -> replay.frame.put("object", "chat.completion.chunk");
        default -> replay.frame.set(field.getKey(), field.getValue());
      }
    }
    for (JsonNode choice : answer.path("choices")) {
      replay.choice(choice);
    }
    JsonNode usage = answer.path("usage");
    if (includeUsage && usage.isObject()) {
      ObjectNode chunk = replay.frame.deepCopy();
      chunk.putArray("choices");
      chunk.set("usage", usage);
      replay.events.add(StreamEvents.asEvent(Json.write(chunk)));
    }
    replay.events.add(DONE.clone());
    return replay.events;
  }

  private void choice(JsonNode choice) {
    ObjectNode head = Json.TREES.createObjectNode();
    ObjectNode content = Json.TREES.createObjectNode();
    ObjectNode calls = Json.TREES.createObjectNode();
    for (Map.Entry<String, JsonNode> field : choice.path("message").properties()) {
      switch (field.getKey()) {
        case "content" -> {
          boolean text = field.getValue().isTextual();
          head.set("content", text ? head.textNode("") : head.nullNode());
          if (!field.getValue().isNull()) {
            content.set("content", field.getValue());
          }
        }
        case "tool_calls" -> calls.set("tool_calls", numbered(field.getValue()));
        case "function_call" -> calls.set("function_call", field.getValue());
        default -> head.set(field.getKey(), field.getValue());
      }
    }
    int index = choice.path("index").asInt(0);
    event(part(index, head));
    JsonNode logprobs = choice.path("logprobs");
    if (!content.isEmpty() || logprobs.isObject()) {
      ObjectNode part = part(index, content);
      if (logprobs.isObject()) {
        part.set("logprobs", logprobs);
      }
      event(part);
    }
    if (!calls.isEmpty()) {
      event(part(index, calls));
    }
    event(last(index, choice));
  }

  private static ObjectNode last(int index, JsonNode choice) {
    ObjectNode last = part(index, Json.TREES.createObjectNode());
    for (Map.Entry<String, JsonNode> field : choice.properties()) {
      switch (field.getKey()) {
        case "index", "message" -> {}
        case "logprobs" -> {
          if (!field.getValue().isObject()) {
            last.set("logprobs", field.getValue());
          }
        }
        default -> last.set(field.getKey(), field.getValue());
      }
    }
    return last;
  }

  private static JsonNode numbered(JsonNode calls) {
    ArrayNode numbered = Json.TREES.createArrayNode();
    for (JsonNode call : calls) {
      ObjectNode copy = Json.TREES.createObjectNode().put("index", numbered.size());
      for (Map.Entry<String, JsonNode> field : call.properties()) {
        copy.set(field.getKey(), field.getValue());
      }
      numbered.add(copy);
    }
    return calls.isArray() ? numbered : calls;
  }

  private static ObjectNode part(int index, ObjectNode delta) {
    ObjectNode part = Json.TREES.createObjectNode().put("index", index);
    part.set("delta", delta);
    return part.putNull("finish_reason");
  }

  private void event(ObjectNode part) {
    ObjectNode chunk = frame.deepCopy();
    chunk.putArray("choices").add(part);
    events.add(StreamEvents.asEvent(Json.write(chunk)));
  }
}
