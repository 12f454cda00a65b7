package dev.serai.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Adds deltas up. Text grows in a {@link StringBuilder} inside the tree, so that thousands of small
 * pieces do not copy it each time; {@link #finished} makes strings of them.
 */
final class Deltas {

  /** Fields whose pieces are put together; any other text replaces what was there. */
  private static final Set<String> TEXT =
      Set.of(
          "content",
          "refusal",
          "reasoning",
          "reasoning_content",
          "arguments",
          "text",
          "summary",
          "data",
          "transcript");

  private Deltas() {}

  /** Adds a delta to what there is. */
  static void merge(ObjectNode into, ObjectNode delta) {
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      mergeField(into, field.getKey(), field.getValue());
    }
  }

  /** Adds one field of a delta. */
  static void mergeField(ObjectNode into, String name, JsonNode value) {
    JsonNode before = into.get(name);
    if (value instanceof ArrayNode array) {
      ArrayNode all = before instanceof ArrayNode old ? old : into.putArray(name);
      for (JsonNode element : array) {
        mergeElement(all, element);
      }
    } else if (value instanceof ObjectNode object) {
      merge(before instanceof ObjectNode old ? old : into.putObject(name), object);
    } else if (value.isTextual() && TEXT.contains(name)) {
      if (before instanceof POJONode pojo && pojo.getPojo() instanceof StringBuilder grown) {
        grown.append(value.textValue());
      } else {
        StringBuilder text = new StringBuilder();
        into.putPOJO(name, text);
        text.append(value.textValue());
      }
    } else {
      keepLast(into, name, value);
    }
  }

  /** Sets a field unless the value says nothing and something is there. */
  static void keepLast(ObjectNode into, String name, JsonNode value) {
    boolean saysNothing = value.isNull() || (value.isTextual() && value.textValue().isEmpty());
    if (!saysNothing || !into.has(name)) {
      into.set(name, value);
    }
  }

  // Tool calls and reasoning details carry the index of the element that they go on with; a call
  // without an index (some compatible servers) goes on with the last one unless it has a new id.
  private static void mergeElement(ArrayNode all, JsonNode element) {
    ObjectNode same = null;
    if (element instanceof ObjectNode object) {
      if (object.path("index").isInt()) {
        same = withIndex(all, object);
      } else if (object.has("function")
          && !object.hasNonNull("id")
          && all.size() > 0
          && all.get(all.size() - 1) instanceof ObjectNode last) {
        same = last;
      }
      if (same == null) {
        same = all.addObject();
      }
      merge(same, object);
    } else {
      all.add(element);
    }
  }

  private static @Nullable ObjectNode withIndex(ArrayNode all, ObjectNode element) {
    for (JsonNode one : all) {
      if (one instanceof ObjectNode object
          && object.path("index").equals(element.path("index"))
          && sameType(object, element)) {
        return object;
      }
    }
    return null;
  }

  private static boolean sameType(ObjectNode one, ObjectNode other) {
    return !one.has("type") || !other.has("type") || one.path("type").equals(other.path("type"));
  }

  /** The same tree with its texts as strings. */
  static JsonNode finished(JsonNode node) {
    if (node instanceof POJONode pojo && pojo.getPojo() instanceof StringBuilder text) {
      return Json.TREES.getNodeFactory().textNode(text.toString());
    }
    if (node instanceof ObjectNode object) {
      object.properties().forEach(field -> field.setValue(finished(field.getValue())));
    } else if (node instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        array.set(i, finished(array.get(i)));
      }
    }
    return node;
  }
}
