package dev.serai.provider;

import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Answers in OpenAI's shape. */
final class Completion {
  static final Map<String, String> JSON = Map.of("Content-Type", "application/json");
  static final Map<String, String> SSE = Map.of("Content-Type", "text/event-stream; charset=utf-8");
  private static final long CREATED = 1_700_000_000L;

  private Completion() {}

  static byte[] whole(Call call, String text) {
    return whole(
        call, "{\"role\":\"assistant\",\"content\":" + quote(text) + ",\"refusal\":null}", "stop");
  }

  static byte[] whole(Call call, String message, String finishReason) {
    Tokens tokens = Tokens.ofCall(call.number());
    return utf8(
        """
        {"id":"%s","object":"chat.completion","created":%d,"model":%s,\
        "choices":[{"index":0,"message":%s,"finish_reason":"%s"}],"usage":%s}\
        """
            .formatted(
                call.answerId(), CREATED, model(call), message, finishReason, tokens.json()));
  }

  /**
   * The role, a chunk per word, the finish reason, the usage if it was asked for, and {@code
   * [DONE]}.
   */
  static List<byte[]> events(Call call, String text) {
    List<byte[]> events = new ArrayList<>();
    events.add(chunk(call, "{\"role\":\"assistant\",\"content\":\"\"}", "null"));
    for (String word : text.split("(?<= )", -1)) {
      events.add(chunk(call, "{\"content\":" + quote(word) + "}", "null"));
    }
    events.add(chunk(call, "{}", "\"stop\""));
    if (call.asksForUsage()) {
      events.add(usage(call));
    }
    events.add(utf8("data: [DONE]\n\n"));
    return events;
  }

  /** A chunk with a word, and the usage. */
  static byte[] billed(Call call) {
    return event(
        call,
        "[{\"index\":0,\"delta\":{\"content\":\"tick \"},\"finish_reason\":null}]",
        Tokens.ofCall(call.number()).json());
  }

  static byte[] error(String message, String type, String code) {
    return utf8(
        "{\"error\":{\"message\":%s,\"type\":%s,\"param\":null,\"code\":%s}}"
            .formatted(quote(message), quote(type), quote(code)));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] chunk(Call call, String delta, String finish) {
    String choices = "[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]".formatted(delta, finish);
    return event(call, choices, "null");
  }

  private static byte[] usage(Call call) {
    return event(call, "[]", Tokens.ofCall(call.number()).json());
  }

  private static byte[] event(Call call, String choices, String usage) {
    return utf8(
        """
        data: {"id":"%s","object":"chat.completion.chunk","created":%d,"model":%s,\
        "choices":%s,"usage":%s}

        """
            .formatted(call.answerId(), CREATED, model(call), choices, usage));
  }

  private static String model(Call call) {
    return call.json().path("model").toString();
  }

  private static String quote(String text) {
    return TextNode.valueOf(text).toString();
  }
}
