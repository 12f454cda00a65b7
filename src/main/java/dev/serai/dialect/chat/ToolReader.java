package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code tools}, {@code tool_choice} and {@code tool_calls}. */
final class ToolReader {

  private ToolReader() {}

  static List<Tool> tools(JsonNode value) {
    List<Tool> tools = new ArrayList<>(value.size());
    for (JsonNode tool : value) {
      tools.add(tool(tool, "tools[" + tools.size() + "]"));
    }
    return List.copyOf(tools);
  }

  private static Tool tool(JsonNode tool, String at) {
    if (!tool.path("type").asText("function").equals("function")) {
      throw Invalid.unsupported(
          at + ".type", "is a kind of tool that this model does not have: send \"function\".");
    }
    JsonNode function = tool.path("function");
    JsonNode parameters = function.path("parameters");
    if (!parameters.isObject() && !parameters.isNull() && !parameters.isMissingNode()) {
      throw Invalid.type(at + ".function.parameters", "a JSON schema as an object");
    }
    return new Tool(
        name(function, at + ".function.name"),
        function.path("description").textValue(),
        parameters instanceof ObjectNode schema && !schema.isEmpty()
            ? schema
            : Tool.noParameters(Json.TREES.createObjectNode()),
        tool.hasNonNull("cache_control")
            ? tool.get("cache_control")
            : function.get("cache_control"));
  }

  private static String name(JsonNode function, String at) {
    String name = function.path("name").asText("");
    if (name.isEmpty()) {
      throw Invalid.type(at, "the function's name");
    }
    return name;
  }

  static ToolChoice choice(JsonNode value) {
    if (value.isObject()) {
      return new ToolChoice.Named(name(value.path("function"), "tool_choice.function.name"));
    }
    return switch (value.asText()) {
      case "auto" -> new ToolChoice.Auto();
      case "none" -> new ToolChoice.None();
      case "required" -> new ToolChoice.Required();
      default ->
          throw Invalid.value(
              "tool_choice", "is unknown: send auto, none, required or a function by its name.");
    };
  }

  static List<ToolCall> calls(JsonNode value, String message) {
    List<ToolCall> calls = new ArrayList<>(value.size());
    for (JsonNode call : value) {
      String at = message + ".tool_calls[" + calls.size() + "]";
      JsonNode function = call.path("function");
      String id = call.path("id").asText("");
      if (id.isEmpty()) {
        throw Invalid.type(at + ".id", "the id that the call came with");
      }
      calls.add(
          new ToolCall(
              id,
              name(function, at + ".function.name"),
              arguments(function.get("arguments"), at + ".function.arguments")));
    }
    return List.copyOf(calls);
  }

  private static ObjectNode arguments(@Nullable JsonNode value, String at) {
    String text = value == null ? "" : value.asText("");
    if (text.isBlank()) {
      return Json.TREES.createObjectNode();
    }
    byte[] json = text.getBytes(StandardCharsets.UTF_8);
    if (Json.tree(json, 0, json.length) instanceof ObjectNode arguments) {
      return arguments;
    }
    throw Invalid.value(at, "is no JSON object: send it as the model gave it.");
  }
}
