package dev.serai.provider;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** How the test provider answers one call. */
@FunctionalInterface
public interface Behaviour {

  /** Answers the call, or does not. */
  void play(Reply reply) throws IOException, InterruptedException;

  /** A good answer, whole or as a stream, as the call asks. */
  static Behaviour answer() {
    return reply -> (reply.call().embeddings() ? vectors() : answer(text(reply))).play(reply);
  }

  /** A vector for each input, whole, with the prompt tokens of {@link Tokens#ofCall}. */
  static Behaviour vectors() {
    return reply -> {
      Tokens tokens = Tokens.ofCall(reply.call().number());
      reply.call().reported(new Tokens(tokens.prompt(), 0, 0, 0));
      reply.whole(200, Completion.JSON, Embedded.whole(reply.call()));
    };
  }

  /** This JSON. */
  static Behaviour json(int status, String body) {
    return reply -> reply.whole(status, Completion.JSON, Completion.utf8(body));
  }

  /** A good answer with this text; a stream has one event per word. */
  static Behaviour answer(String text) {
    return reply -> {
      if (reply.call().streaming()) {
        stream(reply, text, Duration.ZERO);
      } else {
        reply.call().reported(Tokens.ofCall(reply.call().number()));
        reply.whole(200, Completion.JSON, Completion.whole(reply.call(), text));
      }
    };
  }

  /** A whole answer with this message, which is JSON, in its only choice. */
  static Behaviour message(String message, String finishReason) {
    return reply -> {
      reply.call().reported(Tokens.ofCall(reply.call().number()));
      reply.whole(200, Completion.JSON, Completion.whole(reply.call(), message, finishReason));
    };
  }

  /** Nothing at all for this long, then a good answer. */
  static Behaviour slow(Duration delay) {
    return slow(delay, answer());
  }

  /** Nothing at all for this long, then what {@code then} does. */
  static Behaviour slow(Duration delay, Behaviour then) {
    return reply -> {
      if (!reply.clientLeftWithin(delay)) {
        then.play(reply);
      }
    };
  }

  /** The head at once, for this long nothing, then a good answer. */
  static Behaviour slowFirstByte(Duration delay) {
    return reply -> {
      if (reply.call().streaming()) {
        reply.open(200, Completion.SSE);
        if (!reply.clientLeftWithin(delay)) {
          generate(reply, text(reply), Duration.ZERO);
        }
      } else {
        slow(delay).play(reply);
      }
    };
  }

  /** A stream that begins with so many comments, this far apart, and then is good. */
  static Behaviour signsOfLife(int comments, Duration gap) {
    return reply -> {
      reply.open(200, Completion.SSE);
      for (int i = 0; i < comments; i++) {
        if (reply.clientLeftWithin(gap)) {
          return;
        }
        reply.event(": still working\n\n".getBytes(StandardCharsets.UTF_8));
      }
      generate(reply, text(reply), Duration.ZERO);
    };
  }

  /** Takes the call and never answers. */
  static Behaviour blackHole() {
    return Reply::awaitClientLeft;
  }

  /** A stream that stands still after so many events; a whole answer that does half way. */
  static Behaviour stallMidStream(int afterEvents) {
    return reply -> {
      begin(reply, afterEvents);
      reply.awaitClientLeft();
    };
  }

  /** A stream whose connection is closed after so many events, without its end. */
  static Behaviour cutMidStream(int afterEvents) {
    return reply -> {
      begin(reply, afterEvents);
      reply.cut();
    };
  }

  /** As {@link #cutMidStream}, but the connection is reset. */
  static Behaviour resetMidStream(int afterEvents) {
    return reply -> {
      begin(reply, afterEvents);
      reply.reset();
    };
  }

  /** Closes the connection without a word. */
  static Behaviour disconnectBeforeAnswer() {
    return Reply::cut;
  }

  /** An error in OpenAI's shape. */
  static Behaviour status(int status) {
    return reply ->
        reply.whole(
            status,
            Completion.JSON,
            Completion.error("The test provider says " + status, "server_error", "told_to"));
  }

  /** 429 with {@code Retry-After}, in whole seconds. */
  static Behaviour rateLimited(Duration retryAfter) {
    return reply ->
        reply.whole(
            429,
            Map.of(
                "Content-Type",
                "application/json",
                "Retry-After",
                Long.toString(retryAfter.toSeconds())),
            Completion.error("Slow down", "requests", "rate_limit_exceeded"));
  }

  /** 429 because the account is empty: coming back does not help. */
  static Behaviour insufficientQuota() {
    return reply ->
        reply.whole(
            429,
            Completion.JSON,
            Completion.error("No credit left", "insufficient_quota", "insufficient_quota"));
  }

  /** 200 with a page of HTML. */
  static Behaviour rubbish() {
    return reply ->
        reply.whole(
            200,
            Map.of("Content-Type", "text/html"),
            Completion.utf8("<html><body>Welcome to the login page</body></html>"));
  }

  /** 200 with the first half of an answer, and a length that says it is all. */
  static Behaviour truncatedJson() {
    return reply -> {
      byte[] body = Completion.whole(reply.call(), text(reply));
      String half = new String(body, 0, body.length / 2, StandardCharsets.UTF_8);
      reply.whole(200, Completion.JSON, Completion.utf8(half));
    };
  }

  /** A stream that says, after so many events, that it failed. */
  static Behaviour errorInsideStream(int afterEvents) {
    return reply -> {
      begin(reply, afterEvents);
      byte[] error = Completion.error("The engine failed", "server_error", "engine_failed");
      reply.event(Completion.utf8("data: " + new String(error, StandardCharsets.UTF_8) + "\n\n"));
      reply.end();
    };
  }

  /** 200 whose body is an error, as OpenRouter does. */
  static Behaviour errorInside200() {
    return reply ->
        reply.whole(
            200,
            Completion.JSON,
            Completion.error("The engine failed", "server_error", "engine_failed"));
  }

  /** A stream of so many content events with this gap before each event. */
  static Behaviour pacedStream(int events, Duration gap) {
    return reply -> stream(reply, "tick ".repeat(events).strip(), gap);
  }

  /** A stream of so many events, this far apart, each of which says what is billed by now. */
  static Behaviour billedInEveryEvent(int events, Duration gap) {
    return reply -> {
      Call call = reply.call();
      reply.open(200, Completion.SSE);
      call.reported(Tokens.ofCall(call.number()));
      for (int i = 0; i < events; i++) {
        reply.event(Completion.billed(call));
        if (reply.clientLeftWithin(gap)) {
          return;
        }
      }
      reply.event(Completion.utf8("data: [DONE]\n\n"));
      reply.end();
    };
  }

  /** The recorded answer, byte for byte; a stream event by event. */
  static Behaviour cassette(Cassette cassette) {
    return reply -> {
      if (cassette.streaming()) {
        reply.open(cassette.status(), cassette.headers());
        write(reply, cassette.events(), Duration.ZERO);
      } else {
        reply.whole(cassette.status(), cassette.headers(), cassette.body());
      }
    };
  }

  private static String text(Reply reply) {
    return "This is answer " + reply.call().number() + " of the test provider.";
  }

  private static void stream(Reply reply, String text, Duration gap)
      throws IOException, InterruptedException {
    reply.open(200, Completion.SSE);
    generate(reply, text, gap);
  }

  private static void generate(Reply reply, String text, Duration gap)
      throws IOException, InterruptedException {
    Call call = reply.call();
    if (call.asksForUsage()) {
      call.reported(Tokens.ofCall(call.number()));
    }
    write(reply, Completion.events(call, text), gap);
  }

  private static void write(Reply reply, List<byte[]> events, Duration gap)
      throws IOException, InterruptedException {
    for (byte[] event : events) {
      if (!gap.isZero() && reply.clientLeftWithin(gap)) {
        return;
      }
      reply.event(event);
    }
    reply.end();
  }

  private static void begin(Reply reply, int afterEvents) throws IOException {
    if (!reply.call().streaming()) {
      byte[] body = Completion.whole(reply.call(), text(reply));
      reply.part(200, Completion.JSON, body, body.length / 2);
      return;
    }
    reply.open(200, Completion.SSE);
    for (byte[] event :
        Completion.events(reply.call(), "tick ".repeat(afterEvents)).subList(0, afterEvents)) {
      reply.event(event);
    }
  }
}
