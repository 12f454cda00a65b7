package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What the test provider does when it is asked as Anthropic is. */
public final class Messages {

  /** The usage of every answer: 330 tokens read, 40 written for five minutes and 60 for an hour. */
  private static final String INPUT =
      """
      "input_tokens":70,"cache_read_input_tokens":330,"cache_creation_input_tokens":100,\
      "cache_creation":{"ephemeral_5m_input_tokens":40,"ephemeral_1h_input_tokens":60}\
      """;

  /** That usage as OpenAI counts it. */
  public static final Tokens TOKENS = new Tokens(500, 25, 330, 0);

  private Messages() {}

  /** A good answer with this text, whole or as a stream with an event per word. */
  public static Behaviour answer(String text) {
    return blocks("end_turn", "{\"type\":\"text\",\"text\":" + quote(text) + "}");
  }

  /** A good answer of these content blocks, as they stand in a whole answer. */
  public static Behaviour blocks(String stopReason, String... blocks) {
    return reply -> {
      if (reply.call().streaming()) {
        events(whole(stopReason, blocks)).play(reply);
      } else {
        String content = String.join(",", blocks);
        reply.whole(
            200,
            Completion.JSON,
            Completion.utf8(
                """
                {"id":"%s","type":"message","role":"assistant","model":"claude-fake",\
                "content":[%s],"stop_reason":"%s","stop_sequence":null,\
                "usage":{%s,"output_tokens":25}}\
                """
                    .formatted(reply.call().answerId(), content, stopReason, INPUT)));
      }
    };
  }

  /** A stream of so many words with this gap before each event. */
  public static Behaviour paced(int words, Duration gap) {
    String text = quote("tick ".repeat(words).strip());
    return reply -> {
      reply.open(200, Completion.SSE);
      for (String event : whole("end_turn", "{\"type\":\"text\",\"text\":" + text + "}")) {
        if (reply.clientLeftWithin(gap)) {
          return;
        }
        reply.event(named(event));
      }
      reply.end();
    };
  }

  /** A stream that says, after so many words, that it failed. */
  public static Behaviour failsInStream(int words, String errorType) {
    List<String> events = new ArrayList<>(begun(words));
    events.add(
        "{\"type\":\"error\",\"error\":{\"type\":\"" + errorType + "\",\"message\":\"Sorry\"}}");
    return events(events);
  }

  /** A stream whose connection is closed after so many words. */
  public static Behaviour cutMidStream(int words) {
    return reply -> {
      reply.open(200, Completion.SSE);
      for (String event : begun(words)) {
        reply.event(named(event));
      }
      reply.cut();
    };
  }

  /** An error in Anthropic's shape. */
  public static Behaviour error(int status, String type, String message) {
    return error(status, type, message, Map.of("Content-Type", "application/json"));
  }

  /** 429 with {@code retry-after}, in seconds. */
  public static Behaviour rateLimited(int seconds) {
    return error(
        429,
        "rate_limit_error",
        "Slow down",
        Map.of("Content-Type", "application/json", "retry-after", Integer.toString(seconds)));
  }

  private static Behaviour error(
      int status, String type, String message, Map<String, String> headers) {
    return reply ->
        reply.whole(
            status,
            headers,
            Completion.utf8(
                "{\"type\":\"error\",\"error\":{\"type\":%s,\"message\":%s}}"
                    .formatted(quote(type), quote(message))));
  }

  private static Behaviour events(List<String> events) {
    return reply -> {
      reply.open(200, Completion.SSE);
      for (String event : events) {
        reply.event(named(event));
      }
      reply.end();
    };
  }

  private static byte[] named(String json) {
    String type = json.substring("{\"type\":\"".length(), json.indexOf('"', 9));
    return Completion.utf8("event: " + type + "\ndata: " + json + "\n\n");
  }

  private static List<String> begun(int words) {
    List<String> events =
        whole("end_turn", "{\"type\":\"text\",\"text\":\"" + "tick ".repeat(words) + "\"}");
    return events.subList(0, words == 0 ? 1 : 3 + words);
  }

  private static List<String> whole(String stopReason, String... blocks) {
    List<String> events = new ArrayList<>();
    events.add(
        """
        {"type":"message_start","message":{"id":"msg_fake","type":"message","role":"assistant",\
        "model":"claude-fake","content":[],"stop_reason":null,"usage":{%s,"output_tokens":1}}}\
        """
            .formatted(INPUT));
    for (int i = 0; i < blocks.length; i++) {
      block(i, Cassette.data(Completion.utf8("data: " + blocks[i])), events);
      if (i == 0) {
        events.add(2, "{\"type\":\"ping\"}");
      }
    }
    events.add(
        """
        {"type":"message_delta","delta":{"stop_reason":"%s","stop_sequence":null},\
        "usage":{"output_tokens":25}}\
        """
            .formatted(stopReason));
    events.add("{\"type\":\"message_stop\"}");
    return events;
  }

  private static void block(int index, JsonNode block, List<String> events) {
    String type = block.path("type").asText();
    switch (type) {
      case "text" -> {
        start(index, "{\"type\":\"text\",\"text\":\"\"}", events);
        for (String word : block.path("text").asText().split("(?<= )", -1)) {
          delta(index, "{\"type\":\"text_delta\",\"text\":" + quote(word) + "}", events);
        }
      }
      case "thinking" -> {
        start(index, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}", events);
        String thought = block.path("thinking").toString();
        delta(index, "{\"type\":\"thinking_delta\",\"thinking\":" + thought + "}", events);
        String signature = block.path("signature").toString();
        delta(index, "{\"type\":\"signature_delta\",\"signature\":" + signature + "}", events);
      }
      case "tool_use" -> {
        String head = "\"id\":%s,\"name\":%s".formatted(block.path("id"), block.path("name"));
        start(index, "{\"type\":\"tool_use\"," + head + ",\"input\":{}}", events);
        for (String piece : block.path("input").toString().split("(?<=:)", -1)) {
          String json = "{\"type\":\"input_json_delta\",\"partial_json\":" + quote(piece) + "}";
          delta(index, json, events);
        }
      }
      default -> throw new IllegalArgumentException(type);
    }
    events.add("{\"type\":\"content_block_stop\",\"index\":" + index + "}");
  }

  private static void start(int index, String block, List<String> events) {
    events.add(
        "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}"
            .formatted(index, block));
  }

  private static void delta(int index, String delta, List<String> events) {
    events.add(
        "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}".formatted(index, delta));
  }

  private static String quote(String text) {
    return TextNode.valueOf(text).toString();
  }
}
