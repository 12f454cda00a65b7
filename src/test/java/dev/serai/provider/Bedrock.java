package dev.serai.provider;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/** What Amazon Bedrock's runtime says on the wire. */
public final class Bedrock {
  private static final Map<String, String> EVENTS =
      Map.of("Content-Type", "application/vnd.amazon.eventstream");

  private Bedrock() {}

  /** A whole answer of one text. */
  public static Behaviour says(String text) {
    return converse(
        """
        {"metrics":{"latencyMs":1},"output":{"message":{"role":"assistant","content":[{"text":"%s"}]}},\
        "stopReason":"end_turn","usage":{"inputTokens":11,"outputTokens":7,"totalTokens":18}}\
        """
            .formatted(text));
  }

  /** A whole answer. */
  public static Behaviour converse(String json) {
    return reply ->
        reply.whole(
            200, Map.of("Content-Type", "application/json"), json.getBytes(StandardCharsets.UTF_8));
  }

  /** An error as every operation answers it. */
  public static Behaviour error(int status, String type, String message) {
    return reply ->
        reply.whole(
            status,
            Map.of(
                "Content-Type",
                "application/json",
                "x-amzn-ErrorType",
                type + ":http://internal.amazon.com/coral/com.amazon.bedrock/"),
            "{\"message\":\"%s\"}".formatted(message).getBytes(StandardCharsets.UTF_8));
  }

  /** A stream of these messages, with this gap before each. */
  public static Behaviour stream(Duration gap, List<byte[]> messages) {
    return reply -> {
      if (begun(reply, gap, messages)) {
        reply.end();
      }
    };
  }

  /** A stream of these messages, which then stands still. */
  public static Behaviour stalling(List<byte[]> messages) {
    return reply -> {
      if (begun(reply, Duration.ZERO, messages)) {
        reply.awaitClientLeft();
      }
    };
  }

  /** A stream of these messages, whose connection then is closed. */
  public static Behaviour cut(List<byte[]> messages) {
    return reply -> {
      if (begun(reply, Duration.ZERO, messages)) {
        reply.cut();
      }
    };
  }

  private static boolean begun(Reply reply, Duration gap, List<byte[]> messages)
      throws java.io.IOException, InterruptedException {
    reply.open(200, EVENTS);
    for (byte[] message : messages) {
      if (!gap.isZero() && reply.clientLeftWithin(gap)) {
        return false;
      }
      reply.event(message);
    }
    return true;
  }

  /** The messages of a good stream of these texts. */
  public static List<byte[]> texts(String... texts) {
    List<byte[]> messages = new ArrayList<>(begin(texts));
    messages.add(event("contentBlockStop", "{\"contentBlockIndex\":0}"));
    messages.add(event("messageStop", "{\"stopReason\":\"end_turn\"}"));
    messages.add(
        event(
            "metadata",
            """
            {"metrics":{"latencyMs":1},"usage":{"inputTokens":11,"outputTokens":7,"totalTokens":18}}\
            """));
    return messages;
  }

  /** The messages of a stream that has only begun. */
  public static List<byte[]> begin(String... texts) {
    List<byte[]> messages = new ArrayList<>();
    messages.add(event("messageStart", "{\"role\":\"assistant\"}"));
    for (String text : texts) {
      messages.add(
          event(
              "contentBlockDelta",
              "{\"contentBlockIndex\":0,\"delta\":{\"text\":\"" + text + "\"}}"));
    }
    return messages;
  }

  /** One message of a stream. */
  public static byte[] event(String type, String json) {
    return message("event", ":event-type", type, json);
  }

  /** The message by which a stream says that it failed. */
  public static byte[] exception(String type, String text) {
    return message("exception", ":exception-type", type, "{\"message\":\"" + text + "\"}");
  }

  private static byte[] message(String kind, String typeHeader, String type, String json) {
    Map<String, HeaderValue> headers = new LinkedHashMap<>();
    headers.put(typeHeader, HeaderValue.fromString(type));
    headers.put(":content-type", HeaderValue.fromString("application/json"));
    headers.put(":message-type", HeaderValue.fromString(kind));
    var buffer = new Message(headers, json.getBytes(StandardCharsets.UTF_8)).toByteBuffer();
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }
}
