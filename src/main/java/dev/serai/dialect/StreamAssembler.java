package dev.serai.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes one whole answer of the events of a stream. */
public final class StreamAssembler {

  private final ObjectNode answer = Json.TREES.createObjectNode();
  private final Map<Integer, ObjectNode> choices = new TreeMap<>();

  private StreamAssembler() {}

  /**
   * The {@code chat.completion} that the chunks add up to, as compact JSON. Of the fields of the
   * chunks themselves (id, model, usage, also unknown ones) the last that says something stays;
   * text and logprobs are put together; tool calls are merged by their index.
   *
   * @param events as {@link SseReader} gives them; comments, {@code [DONE]} and what is no JSON
   *     object are passed over
   */
  public static byte[] whole(List<byte[]> events) {
    StreamAssembler assembler = new StreamAssembler();
    for (byte[] event : events) {
      if (StreamEvents.json(event) instanceof ObjectNode chunk) {
        assembler.add(chunk);
      }
    }
    return Json.write(assembler.finish());
  }

  private void add(ObjectNode chunk) {
    for (Map.Entry<String, JsonNode> field : chunk.properties()) {
      switch (field.getKey()) {
        case "choices" -> field.getValue().forEach(this::addChoice);
        case "obfuscation" -> {}
        case "object" -> answer.put("object", "chat.completion");
        default -> Deltas.keepLast(answer, field.getKey(), field.getValue());
      }
    }
  }

  private void addChoice(JsonNode part) {
    int index = part.path("index").asInt(0);
    ObjectNode choice =
        choices.computeIfAbsent(index, i -> Json.TREES.createObjectNode().put("index", i));
    ObjectNode message = choice.withObjectProperty("message");
    for (Map.Entry<String, JsonNode> field : part.properties()) {
      switch (field.getKey()) {
        case "index", "message" -> {}
        case "delta" -> {
          if (field.getValue() instanceof ObjectNode delta) {
            Deltas.merge(message, delta);
          }
        }
        case "logprobs" -> Deltas.mergeField(choice, "logprobs", field.getValue());
        default -> Deltas.keepLast(choice, field.getKey(), field.getValue());
      }
    }
  }

  private ObjectNode finish() {
    answer.put("object", "chat.completion");
    ArrayNode all = Json.TREES.createArrayNode();
    for (ObjectNode choice : choices.values()) {
      choice.set("message", message(choice.withObjectProperty("message")));
      if (!choice.has("finish_reason")) {
        choice.putNull("finish_reason");
      }
      all.add(choice);
    }
    JsonNode usage = answer.remove("usage");
    answer.set("choices", all);
    if (usage != null && !usage.isNull()) {
      answer.set("usage", usage);
    }
    return answer;
  }

  private static ObjectNode message(ObjectNode merged) {
    ObjectNode message = (ObjectNode) Deltas.finished(merged);
    if (!message.has("role")) {
      message.put("role", "assistant");
    }
    boolean calls =
        message.path("tool_calls").isArray() || message.path("function_call").isObject();
    if (!message.has("content") || (calls && message.path("content").asText("x").isEmpty())) {
      message.putNull("content");
    }
    for (JsonNode call : message.path("tool_calls")) {
      if (call instanceof ObjectNode object) {
        object.remove("index");
      }
    }
    return message;
  }
}
