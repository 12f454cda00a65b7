package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Beside;
import dev.serai.provider.Call;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A provider's fixed rate: calls beyond it wait their turn and are not refused. */
@Beside
class PacingTest {
  private static final int CALLS = 20;

  /** Enough that they arrive in the order they were sent in, each on a connection of its own. */
  private static final long SPACING_MILLIS = 100;

  @Test
  void twenty_rapid_calls_go_out_one_per_second_and_in_order() throws Exception {
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            Map.of(
                "serai.providers.openai.requests-per-second", "1",
                "serai.providers.openai.max-waiting", "100"))) {
      for (int i = 0; i < CALLS; i++) {
        gateway.chat(warmUp(i));
      }
      long start = System.nanoTime();

      List<RawHttp.Pending> sent = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        waitUntil(start + TimeUnit.MILLISECONDS.toNanos(SPACING_MILLIS * i));
        sent.add(send(gateway, "call %02d".formatted(i)));
      }
      List<Answer> answers = new ArrayList<>();
      for (RawHttp.Pending pending : sent) {
        answers.add(pending.answer());
      }

      assertThat(answers).extracting(Answer::status).containsOnly(200);
      List<Call> calls = gateway.provider().calls();
      assertThat(calls).extracting(PacingTest::prompt).isSorted().hasSize(CALLS);
      List<Long> gaps = gaps(calls);
      // One at a time is noisy; together they are at most one per second, within five percent.
      assertThat(gaps).allMatch(gap -> gap > 800);
      assertThat(gaps.stream().mapToLong(Long::longValue).sum())
          .isBetween((long) (1000 * (CALLS - 1) * 0.95), 1000L * (CALLS + 10));
    }
  }

  private static RawHttp.Pending send(GatewayUnderTest gateway, String prompt) throws IOException {
    byte[] body = GatewayUnderTest.ask(prompt).getBytes(UTF_8);
    return RawHttp.begin(
        gateway.port(),
        """
        POST /v1/chat/completions HTTP/1.1
        Authorization: Bearer sk-serai-dev
        Content-Type: application/json
        x-serai-cache: no-store
        Content-Length: %d
        """
            .formatted(body.length),
        out -> out.write(body));
  }

  /** Goes to the other target, which has no rate. */
  private static String warmUp(int i) {
    return GatewayUnderTest.ask("warm up " + i)
        .replace(GatewayUnderTest.MODEL, "openrouter/mistralai/mistral-small");
  }

  private static String prompt(Call call) {
    return call.json().path("messages").path(0).path("content").asText();
  }

  /** Milliseconds between the arrivals of neighbours. */
  private static List<Long> gaps(List<Call> calls) {
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < calls.size(); i++) {
      long nanos = calls.get(i).arrivedNanos() - calls.get(i - 1).arrivedNanos();
      gaps.add(Duration.ofNanos(nanos).toMillis());
    }
    return gaps;
  }

  private static void waitUntil(long nanoTime) {
    try {
      new CountDownLatch(1).await(nanoTime - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
