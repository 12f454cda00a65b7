package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A target that fails is given a rest, and another chance after it. */
class BreakerTest {
  private final GatewayUnderTest gateway = Tight.gateway();

  @Test
  void opens_falls_over_without_a_call_and_recovers() {
    gateway.provider().byDefault(Behaviour.status(503));
    for (int i = 0; i < Tight.FAILURES_THAT_OPEN; i++) {
      gateway.chat(ask("fails"));
    }
    int seen = gateway.provider().calls().size();

    Answer fallenOver = roleAnswer();
    Answer alone = gateway.chat(ask("nobody to fall back to"));

    assertThat(fallenOver.status()).as(fallenOver.text()).isEqualTo(200);
    assertThat(fallenOver.header("x-serai-target")).isEqualTo("openrouter");
    alone.isError(503, "no_target_available");
    assertThat(alone.header("retry-after")).matches("[1-9][0-9]*");
    assertThat(gateway.provider().calls()).as("nothing is sent while open").hasSize(seen);
    assertThat(gateway.second().calls()).hasSize(1);
    assertThat(gateway.settledLedger(fallenOver.requestId()))
        .extracting(LedgerRow::state)
        .contains("settled")
        .isSubsetOf("settled", "not_sent");

    gateway.provider().byDefault(Behaviour.answer());
    await()
        .atMost(Duration.ofSeconds(10))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> roleAnswer().header("x-serai-target").equals("openai"));
    for (int i = 0; i < 12; i++) {
      assertThat(roleAnswer().header("x-serai-target")).isEqualTo("openai");
    }
  }

  private Answer roleAnswer() {
    return gateway.chat(
        "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(Tight.ROLE));
  }
}
