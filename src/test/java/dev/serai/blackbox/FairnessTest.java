package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One tenant's flood does not delay another's call. */
class FairnessTest {
  private static final int FLOOD = 500;
  private static final int PLACES = 8;

  @Test
  void a_single_call_goes_past_the_flood_of_another_tenant() {
    try (GatewayUnderTest gateway =
            GatewayUnderTest.start(
                Map.of(
                    "serai.tenants.flood.key-sha256[0]", GatewayKey.hashOf("sk-flood"),
                    "serai.tenants.guest.key-sha256[0]", GatewayKey.hashOf("sk-guest"),
                    "serai.limits.in-flight", Integer.toString(PLACES),
                    "serai.limits.queue-wait", "120s",
                    "serai.cache.mode", "off"));
        ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(60)));
      List<Future<Answer>> flood = new ArrayList<>();
      for (int i = 0; i < FLOOD; i++) {
        String question = "flood " + i;
        flood.add(callers.submit(() -> chat(gateway, "sk-flood", question)));
      }
      await().atMost(Duration.ofSeconds(30)).until(() -> gateway.provider().calls().size() > 20);
      int before = gateway.provider().calls().size();

      Answer guest = chat(gateway, "sk-guest", "the guest");

      assertThat(guest.status()).isEqualTo(200);
      List<Call> calls = gateway.provider().calls();
      int position =
          IntStream.range(0, calls.size())
              .filter(i -> new String(calls.get(i).body(), UTF_8).contains("the guest"))
              .findFirst()
              .orElseThrow();
      // Some of the flood pass while the call is on its way to the line; those in line do not.
      assertThat(position - before).isLessThan(12 * PLACES);
      flood.forEach(answer -> assertThat(join(answer).status()).isEqualTo(200));
    }
  }

  private static Answer join(Future<Answer> answer) {
    try {
      return answer.get();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Answer chat(GatewayUnderTest gateway, String key, String question) {
    return gateway.send(
        gateway
            .request("/v1/chat/completions", "Content-Type", "application/json")
            .setHeader("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(ask(question))));
  }
}
