package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway that is told to stop finishes what it has begun. */
class ShutdownTest {
  private static final int EVENTS = 30;

  @Test
  void a_stream_ends_well_while_nobody_else_is_let_in() throws Exception {
    GatewayUnderTest gateway = GatewayUnderTest.start(Map.of());
    gateway.provider().byDefault(Behaviour.pacedStream(EVENTS, Duration.ofMillis(100)));
    CompletableFuture<GatewayUnderTest> next = new CompletableFuture<>();

    try (SseStream stream = gateway.stream(ask("goes on", STREAM))) {
      requireNonNull(stream.nextData());
      Thread.ofPlatform().start(() -> next.complete(gateway.restarted(Map.of())));
      await().atMost(Duration.ofSeconds(10)).until(() -> turnedAway(gateway));
      Call call = gateway.provider().calls().getFirst();
      assertThat(call.ended()).as("the stream was still running").isFalse();
      List<SseStream.Event> events = stream.rest();

      assertThat(events.getLast().done()).isTrue();
      assertThat(events).hasSizeGreaterThan(EVENTS);
      assertThat(gateway.provider().calls()).hasSize(1);
      try (GatewayUnderTest after = next.orTimeout(60, TimeUnit.SECONDS).join()) {
        assertThat(after.ledger(stream.header("x-serai-request-id")))
            .extracting(LedgerRow::outcome, LedgerRow::tokens)
            .containsExactly(tuple("settled", requireNonNull(call.tokens())));
      }
    }
  }

  /** Probes ask for a list, so that a gateway still open makes no call. */
  private static boolean turnedAway(GatewayUnderTest gateway) {
    try {
      return gateway.get("/v1/models").status() == 503;
    } catch (UncheckedIOException | IllegalStateException e) {
      return true;
    }
  }
}
