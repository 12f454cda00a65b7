package dev.serai.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Cassette;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The chat request in OpenAI's form that says what a recorded Converse request says. */
final class ChatOfConverse {
  private static final Map<String, String> MEDIA =
      Map.of("txt", "text/plain", "pdf", "application/pdf", "csv", "text/csv");

  private final Cassette cassette;
  private final ObjectNode chat = new ObjectMapper().createObjectNode();
  private final ArrayNode messages;

  ChatOfConverse(Cassette cassette) {
    this.cassette = cassette;
    String model = cassette.path().replaceAll("^/model/|/converse.*$", "");
    chat.put("model", "bedrock/" + URLDecoder.decode(model, StandardCharsets.UTF_8));
    if (cassette.path().endsWith("-stream")) {
      chat.put("stream", true).putObject("stream_options").put("include_usage", true);
    }
    messages = chat.putArray("messages");
  }

  String json() {
    JsonNode request = cassette.request();
    if (request.has("system")) {
      parts(messages.addObject().put("role", "system"), request.path("system"));
    }
    request.path("messages").forEach(this::message);
    JsonNode limits = request.path("inferenceConfig");
    copy(limits, "maxTokens", "max_tokens");
    copy(limits, "temperature", "temperature");
    copy(limits, "topP", "top_p");
    copy(limits, "stopSequences", "stop");
    request
        .path("additionalModelRequestFields")
        .properties()
        .forEach(f -> chat.set(f.getKey(), f.getValue()));
    tools(request.path("toolConfig"));
    return chat.toString();
  }

  private void copy(JsonNode from, String name, String as) {
    if (from.has(name)) {
      chat.set(as, from.get(name));
    }
  }

  private void message(JsonNode message) {
    for (JsonNode block : message.path("content")) {
      JsonNode result = block.path("toolResult");
      if (result.isObject()) {
        JsonNode content = result.at("/content/0");
        messages
            .addObject()
            .put("role", "tool")
            .put("tool_call_id", result.path("toolUseId").asText())
            .put(
                "content",
                content.has("json")
                    ? content.get("json").toString()
                    : content.path("text").asText());
      }
    }
    if (!message.path("content").path(0).has("toolResult")) {
      ObjectNode one = messages.addObject().put("role", message.path("role").asText());
      parts(one, message.path("content"));
    }
  }

  private static void parts(ObjectNode message, JsonNode blocks) {
    ArrayNode content = message.putArray("content");
    for (JsonNode block : blocks) {
      if (block.has("text")) {
        content.addObject().put("type", "text").set("text", block.get("text"));
      } else if (block.has("cachePoint")) {
        mark((ObjectNode) content.get(content.size() - 1));
      } else if (block.has("document")) {
        JsonNode document = block.path("document");
        String type = MEDIA.get(document.path("format").asText());
        content
            .addObject()
            .put("type", "file")
            .putObject("file")
            .put("filename", document.path("name").asText())
            .put("file_data", url(type, document));
      } else if (block.has("image")) {
        JsonNode image = block.path("image");
        content
            .addObject()
            .put("type", "image_url")
            .putObject("image_url")
            .put("url", url("image/" + image.path("format").asText(), image));
      } else if (block.has("toolUse")) {
        call(message.withArray("tool_calls"), block.path("toolUse"));
      } else if (block.has("reasoningContent")) {
        JsonNode text = block.at("/reasoningContent/reasoningText");
        message
            .withArray("reasoning_details")
            .addObject()
            .put("type", "reasoning.text")
            .setAll((ObjectNode) text);
      }
    }
  }

  private static String url(String type, JsonNode holder) {
    return "data:" + type + ";base64," + holder.at("/source/bytes").asText();
  }

  private static void call(ArrayNode calls, JsonNode use) {
    calls
        .addObject()
        .put("id", use.path("toolUseId").asText())
        .put("type", "function")
        .putObject("function")
        .put("name", use.path("name").asText())
        .put("arguments", use.path("input").toString());
  }

  private void tools(JsonNode config) {
    if (!config.isObject()) {
      return;
    }
    ArrayNode tools = chat.putArray("tools");
    for (JsonNode tool : config.path("tools")) {
      JsonNode spec = tool.path("toolSpec");
      if (tool.has("cachePoint")) {
        mark((ObjectNode) tools.get(tools.size() - 1));
        continue;
      }
      ObjectNode function = tools.addObject().put("type", "function").putObject("function");
      function.set("name", spec.get("name"));
      if (spec.has("description")) {
        function.set("description", spec.get("description"));
      }
      function.set("parameters", spec.at("/inputSchema/json"));
    }
    JsonNode choice = config.path("toolChoice");
    if (choice.has("auto")) {
      chat.put("tool_choice", "auto");
    } else if (choice.has("any")) {
      chat.put("tool_choice", "required");
    } else if (choice.has("tool")) {
      chat.putObject("tool_choice")
          .put("type", "function")
          .putObject("function")
          .set("name", choice.at("/tool/name"));
    }
  }

  private static void mark(ObjectNode holder) {
    holder.putObject("cache_control").put("type", "ephemeral");
  }
}
