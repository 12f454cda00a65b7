package dev.serai.blackbox;

import dev.serai.provider.Behaviour;
import java.time.Duration;
import java.util.List;

/**
 * A failure with a name.
 *
 * @param story what the provider does, for people
 * @param model what is asked for
 * @param stream whether a stream is asked for
 * @param leaveAfter after how many events the client leaves; 0 when it does not
 * @param first what target {@code openai} does with its first calls; the last one goes on for ever
 */
record Scenario(
    String name,
    String story,
    String model,
    boolean stream,
    int leaveAfter,
    List<Behaviour> first) {

  private static Scenario whole(String name, String story, Behaviour... first) {
    return new Scenario(name, story, GatewayUnderTest.MODEL, false, 0, List.of(first));
  }

  private static Scenario stream(String name, String story, Behaviour... first) {
    return new Scenario(name, story, GatewayUnderTest.MODEL, true, 0, List.of(first));
  }

  /** The timeouts of the gateway under test are 600 ms each, its first retry comes after 1 ms. */
  static List<Scenario> all() {
    Behaviour answer = Behaviour.answer();
    return List.of(
        whole("black-hole", "takes calls and never answers", Behaviour.blackHole()),
        stream("black-hole-stream", "takes calls and never answers", Behaviour.blackHole()),
        whole(
            "fast-503s-then-recovers",
            "says 503 twice, then answers",
            Behaviour.status(503),
            Behaviour.status(503),
            answer),
        whole("fast-503s", "says 503 for ever", Behaviour.status(503)),
        stream("stall-mid-stream", "stands still after 3 events", Behaviour.stallMidStream(3)),
        stream("cut-mid-stream", "closes after 3 events", Behaviour.cutMidStream(3)),
        whole(
            "cut-mid-answer",
            "closes half way once, then answers",
            Behaviour.cutMidStream(3),
            answer),
        whole(
            "disconnect-before-answer",
            "closes without a word once, then answers",
            Behaviour.disconnectBeforeAnswer(),
            answer),
        whole(
            "rate-limited-with-retry-after",
            "says 429 with `Retry-After: 1` once, then answers",
            Behaviour.rateLimited(Duration.ofSeconds(1)),
            answer),
        whole(
            "rate-limited-for-ever",
            "says 429 with `Retry-After: 0` for ever",
            Behaviour.rateLimited(Duration.ZERO)),
        stream(
            "slow-first-byte",
            "sends the first event after 5 s once, then answers",
            Behaviour.slowFirstByte(Duration.ofSeconds(5)),
            answer),
        whole("insufficient-quota", "says 429 `insufficient_quota`", Behaviour.insufficientQuota()),
        whole("refuses-the-key", "says 401", Behaviour.status(401)),
        whole("rubbish", "answers 200 with HTML", Behaviour.rubbish()),
        whole("truncated-json", "answers 200 with half of a JSON", Behaviour.truncatedJson()),
        whole("error-inside-200", "answers 200 with an error object", Behaviour.errorInside200()),
        stream(
            "error-inside-stream", "sends an error after 3 events", Behaviour.errorInsideStream(3)),
        new Scenario(
            "falls-over-to-second-target",
            "says 401; the role has a second target",
            ScenarioTest.ROLE,
            false,
            0,
            List.of(Behaviour.status(401))),
        new Scenario(
            "falls-over-before-the-first-event",
            "never answers a stream; the role has a second target",
            ScenarioTest.ROLE,
            true,
            0,
            List.of(Behaviour.blackHole())),
        new Scenario(
            "client-leaves-mid-stream",
            "sends an event every 100 ms; the client leaves after 3",
            GatewayUnderTest.MODEL,
            true,
            3,
            List.of(Behaviour.pacedStream(1000, Duration.ofMillis(100)))));
  }

  String request() {
    return """
    {"model":"%s","stream":%s,"messages":[{"role":"user","content":"scenario %s"}]}\
    """
        .formatted(model, stream, name);
  }

  @Override
  public String toString() {
    return name;
  }
}
