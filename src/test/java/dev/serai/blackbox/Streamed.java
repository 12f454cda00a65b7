package dev.serai.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Cassette;
import java.util.List;

/** Puts a stream together as a client does, with nothing of the gateway's own. */
final class Streamed {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Streamed() {}

  /** The choice that the chunks add up to, as a whole answer would have it. */
  static JsonNode choice(List<SseStream.Event> events) {
    ObjectNode choice = JSON.createObjectNode();
    ObjectNode message = choice.putObject("message");
    for (SseStream.Event event : events) {
      JsonNode part = Cassette.data(event.bytes()).at("/choices/0");
      if (part.path("finish_reason").isTextual()) {
        choice.set("finish_reason", part.get("finish_reason"));
      }
      add(message, part.path("delta"));
    }
    return choice;
  }

  private static void add(ObjectNode into, JsonNode delta) {
    delta
        .properties()
        .forEach(
            field -> {
              String name = field.getKey();
              JsonNode value = field.getValue();
              if (value.isArray()) {
                value.forEach(element -> add(element(into.withArray(name), element), element));
              } else if (value.isObject()) {
                add(into.withObjectProperty(name), value);
              } else if (value.isTextual() && !name.equals("type")) {
                into.put(name, into.path(name).asText("") + value.asText());
              } else {
                into.set(name, value);
              }
            });
  }

  private static ObjectNode element(ArrayNode all, JsonNode element) {
    int index = element.path("index").asInt();
    while (all.size() <= index) {
      all.addObject();
    }
    return (ObjectNode) all.get(index);
  }
}
