package dev.serai.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Cassette;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.eventstream.Message;
import software.amazon.eventstream.MessageDecoder;

/**
 * What a recording of Amazon Bedrock's means to a client of OpenAI's API; uses nothing of Serai's.
 */
final class ConverseCassette {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Cassette cassette;

  ConverseCassette(Cassette cassette) {
    this.cassette = cassette;
  }

  boolean streaming() {
    return cassette.path().endsWith("/converse-stream") && cassette.status() == 200;
  }

  /** The request with which a client of OpenAI's API would have caused the recorded one. */
  String chatRequest() {
    return new ChatOfConverse(cassette).json();
  }

  /** The recorded request with one spelling for what can be said in two ways. */
  JsonNode sent() {
    return canonical(cassette.request());
  }

  /** A request in that spelling: results of tools as text, no empty settings, plain numbers. */
  static JsonNode canonical(JsonNode request) {
    ObjectNode copy = request.deepCopy();
    if (copy.path("inferenceConfig").isEmpty()) {
      copy.remove("inferenceConfig");
    }
    for (JsonNode message : copy.path("messages")) {
      for (JsonNode block : message.path("content")) {
        for (JsonNode result : block.at("/toolResult/content")) {
          if (result.has("json")) {
            ((ObjectNode) result).put("text", ((ObjectNode) result).remove("json").toString());
          }
        }
      }
    }
    return ConverseReplay.numbers(copy);
  }

  /** The words of the provider's error. */
  String errorMessage() {
    return json(cassette.body()).path("message").asText();
  }

  /** What was used, cached tokens within the prompt. */
  Tokens tokens() {
    JsonNode usage = JSON.missingNode();
    if (streaming()) {
      for (Message message : messages()) {
        JsonNode here = json(message.getPayload()).path("usage");
        usage = here.isObject() ? here : usage;
      }
    } else {
      usage = json(cassette.body()).path("usage");
    }
    long read = usage.path("cacheReadInputTokens").asLong();
    long written = usage.path("cacheWriteInputTokens").asLong();
    return new Tokens(
        usage.path("inputTokens").asLong() + read + written,
        usage.path("outputTokens").asLong(),
        read,
        0);
  }

  /** What a client must see, in order, each as a line; for a whole answer without pieces. */
  List<String> expected() {
    List<String> lines = new ArrayList<>();
    if (streaming()) {
      stream(lines);
    } else {
      whole(lines);
    }
    return lines;
  }

  private void whole(List<String> lines) {
    JsonNode body = json(cassette.body());
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    int calls = 0;
    for (JsonNode block : body.at("/output/message/content")) {
      content.append(block.path("text").asText());
      reasoning.append(block.at("/reasoningContent/reasoningText/text").asText());
      JsonNode use = block.path("toolUse");
      if (use.isObject()) {
        String id = use.path("toolUseId").asText();
        lines.add("call " + calls++ + " " + id + " " + named(use) + " " + use.path("input"));
      }
    }
    lines.add("content " + content);
    lines.add("reasoning " + reasoning);
    lines.add("finish " + finish(body.path("stopReason").asText()));
  }

  private void stream(List<String> lines) {
    Map<Integer, Integer> calls = new HashMap<>();
    for (Message message : messages()) {
      JsonNode event = json(message.getPayload());
      int block = event.path("contentBlockIndex").asInt();
      JsonNode use = event.at("/start/toolUse");
      if (use.isObject()) {
        calls.put(block, calls.size());
        lines.add(
            "call " + calls.get(block) + " " + use.path("toolUseId").asText() + " " + named(use));
      }
      JsonNode delta = event.path("delta");
      add(lines, "content ", delta.path("text"));
      add(lines, "reasoning ", delta.at("/reasoningContent/text"));
      add(lines, "arguments " + calls.get(block) + " ", delta.at("/toolUse/input"));
      if (event.has("stopReason")) {
        lines.add("finish " + finish(event.path("stopReason").asText()));
      }
      if (event.path("usage").isObject()) {
        lines.add("usage " + (tokens().prompt() + tokens().completion()));
      }
    }
    lines.add("done");
  }

  private static String named(JsonNode use) {
    return use.path("name").asText();
  }

  private static void add(List<String> lines, String kind, JsonNode text) {
    if (!text.asText().isEmpty()) {
      lines.add(kind + text.asText());
    }
  }

  private static String finish(String stopReason) {
    return switch (stopReason) {
      case "end_turn", "stop_sequence" -> "stop";
      case "max_tokens" -> "length";
      case "tool_use" -> "tool_calls";
      case "content_filtered", "guardrail_intervened" -> "content_filter";
      default -> throw new IllegalArgumentException("teach this test " + stopReason);
    };
  }

  private List<Message> messages() {
    MessageDecoder decoder = new MessageDecoder();
    decoder.feed(cassette.body());
    return decoder.getDecodedMessages();
  }

  private static JsonNode json(byte[] text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
