package dev.serai.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Cassette;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a recording of Anthropic's means to a client of OpenAI's API; uses nothing of Serai's. */
final class MessagesCassette {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Cassette cassette;

  MessagesCassette(Cassette cassette) {
    this.cassette = cassette;
  }

  /** The request with which a client of OpenAI's API would have caused the recorded one. */
  String chatRequest() {
    return new ChatOfMessages(cassette.request()).json();
  }

  /** The recorded request with one spelling for what can be said in two ways. */
  JsonNode sent() {
    return canonical(cassette.request());
  }

  /** A request in that spelling. */
  static JsonNode canonical(JsonNode request) {
    ObjectNode copy = request.deepCopy();
    if (!copy.path("stream").asBoolean()) {
      copy.remove("stream");
    }
    blocks(copy, "system");
    for (JsonNode message : copy.path("messages")) {
      blocks((ObjectNode) message, "content");
      for (JsonNode block : message.path("content")) {
        if (block.path("type").asText().equals("tool_result")) {
          blocks((ObjectNode) block, "content");
          if (!block.path("is_error").asBoolean()) {
            ((ObjectNode) block).remove("is_error");
          }
        }
      }
    }
    return copy;
  }

  private static void blocks(ObjectNode holder, String field) {
    JsonNode value = holder.path(field);
    if (value.isTextual()) {
      holder.putArray(field).addObject().put("type", "text").set("text", value);
    }
  }

  /** The words of the provider's error. */
  String errorMessage() {
    return body().at("/error/message").asText();
  }

  /** What was used, cached tokens within the prompt. */
  Tokens tokens() {
    ObjectNode usage = JSON.createObjectNode();
    if (cassette.streaming()) {
      for (JsonNode event : events()) {
        event.at("/message/usage").properties().forEach(f -> usage.set(f.getKey(), f.getValue()));
        event.path("usage").properties().forEach(f -> usage.set(f.getKey(), f.getValue()));
      }
    } else {
      usage.setAll((ObjectNode) body().path("usage"));
    }
    long read = usage.path("cache_read_input_tokens").asLong();
    long written = usage.path("cache_creation_input_tokens").asLong();
    return new Tokens(
        usage.path("input_tokens").asLong() + read + written,
        usage.path("output_tokens").asLong(),
        read,
        0);
  }

  /** What a client must see, in order, each as a line; for a whole answer without pieces. */
  List<String> expected() {
    List<String> lines = new ArrayList<>();
    if (cassette.streaming()) {
      new StreamLines(lines).read(events());
    } else {
      whole(lines);
    }
    return lines;
  }

  private void whole(List<String> lines) {
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    int calls = 0;
    for (JsonNode block : body().path("content")) {
      switch (block.path("type").asText()) {
        case "text" -> content.append(block.path("text").asText());
        case "thinking" -> reasoning.append(block.path("thinking").asText());
        case "tool_use" ->
            lines.add(
                "call %d %s %s %s"
                    .formatted(
                        calls++,
                        block.path("id").asText(),
                        block.path("name").asText(),
                        block.path("input")));
        default -> {}
      }
    }
    lines.add("content " + content);
    lines.add("reasoning " + reasoning);
    lines.add("finish " + finish(body().path("stop_reason").asText()));
  }

  /** The same lines of what a client got whole. */
  static List<String> linesOf(JsonNode completion) {
    List<String> lines = new ArrayList<>();
    JsonNode choice = completion.at("/choices/0");
    int calls = 0;
    for (JsonNode call : choice.at("/message/tool_calls")) {
      lines.add(
          "call %d %s %s %s"
              .formatted(
                  calls++,
                  call.path("id").asText(),
                  call.at("/function/name").asText(),
                  json(call.at("/function/arguments").asText())));
    }
    lines.add("content " + nullable(choice.at("/message/content")));
    lines.add("reasoning " + nullable(choice.at("/message/reasoning_content")));
    lines.add("finish " + choice.path("finish_reason").asText());
    return lines;
  }

  /** The same lines of what a client got as a stream. */
  static List<String> linesOf(List<SseStream.Event> events) {
    List<String> lines = new ArrayList<>();
    for (SseStream.Event event : events) {
      if (event.done()) {
        lines.add("done");
      } else if (!event.comment()) {
        chunk(Cassette.data(event.bytes()), lines);
      }
    }
    return lines;
  }

  private static void chunk(JsonNode chunk, List<String> lines) {
    JsonNode choice = chunk.at("/choices/0");
    JsonNode delta = choice.path("delta");
    for (Map.Entry<String, JsonNode> field : delta.properties()) {
      String text = field.getValue().asText();
      switch (field.getKey()) {
        case "content" -> add(lines, "content ", text);
        case "reasoning_content" -> add(lines, "reasoning ", text);
        case "tool_calls" -> {
          JsonNode call = field.getValue().get(0);
          int index = call.path("index").asInt();
          if (call.has("id")) {
            String name = call.at("/function/name").asText();
            lines.add("call " + index + " " + call.path("id").asText() + " " + name);
          }
          add(lines, "arguments " + index + " ", call.at("/function/arguments").asText());
        }
        default -> {}
      }
    }
    if (choice.path("finish_reason").isTextual()) {
      lines.add("finish " + choice.path("finish_reason").asText());
    }
    if (chunk.path("usage").isObject()) {
      lines.add("usage " + chunk.at("/usage/total_tokens").asLong());
    }
  }

  private static void add(List<String> lines, String kind, String text) {
    if (!text.isEmpty()) {
      lines.add(kind + text);
    }
  }

  private static String nullable(JsonNode text) {
    return text.isTextual() ? text.asText() : "";
  }

  private static String finish(String stopReason) {
    return switch (stopReason) {
      case "end_turn", "stop_sequence" -> "stop";
      case "max_tokens" -> "length";
      case "tool_use" -> "tool_calls";
      case "refusal" -> "content_filter";
      default -> throw new IllegalArgumentException("teach this test " + stopReason);
    };
  }

  private JsonNode body() {
    return json(new String(cassette.body(), StandardCharsets.UTF_8));
  }

  private List<JsonNode> events() {
    return cassette.events().stream().map(MessagesCassette::data).toList();
  }

  private static JsonNode data(byte[] event) {
    String text = new String(event, StandardCharsets.UTF_8);
    return json(text.substring(text.indexOf("data:") + 5));
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a recorded stream. */
  private final class StreamLines {
    private final List<String> lines;
    private int calls = -1;
    private @Nullable String last;
    private boolean argued;

    StreamLines(List<String> lines) {
      this.lines = lines;
    }

    void read(List<JsonNode> events) {
      for (JsonNode event : events) {
        switch (event.path("type").asText()) {
          case "content_block_start" -> begin(event.path("content_block"));
          case "content_block_delta" -> delta(event.path("delta"));
          case "content_block_stop" -> {
            if ("tool_use".equals(last) && !argued) {
              lines.add("arguments " + calls + " {}");
            }
          }
          case "message_delta" -> {
            lines.add("finish " + finish(event.at("/delta/stop_reason").asText()));
            Tokens tokens = tokens();
            lines.add("usage " + (tokens.prompt() + tokens.completion()));
          }
          case "message_stop" -> lines.add("done");
          default -> {}
        }
      }
    }

    private void begin(JsonNode block) {
      last = block.path("type").asText();
      argued = false;
      if (last.equals("tool_use")) {
        String id = block.path("id").asText();
        lines.add("call " + ++calls + " " + id + " " + block.path("name").asText());
      }
    }

    private void delta(JsonNode delta) {
      add(lines, "content ", delta.path("text").asText());
      add(lines, "reasoning ", delta.path("thinking").asText());
      String json = delta.path("partial_json").asText();
      argued |= !json.isEmpty();
      add(lines, "arguments " + calls + " ", json);
    }
  }
}
