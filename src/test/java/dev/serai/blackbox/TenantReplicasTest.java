package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.ledger.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two gateways on one PostgreSQL: what is changed at the one holds at the other. */
class TenantReplicasTest {
  private TestDatabase database;
  private GatewayUnderTest first;
  private GatewayUnderTest second;

  @BeforeEach
  void start() {
    database = TestDatabase.postgres();
    Map<String, String> properties =
        Map.of("spring.datasource.url", database.url(), "spring.datasource.username", "postgres");
    first = GatewayUnderTest.start(properties);
    second = GatewayUnderTest.start(properties);
  }

  @AfterEach
  void stop() {
    first.close();
    second.close();
    database.close();
  }

  @Test
  void a_revoked_key_opens_neither_under_load_and_the_development_key_ends_on_both() {
    Tenancy here = new Tenancy(first);
    Tenancy there = new Tenancy(second);
    assertThat(here.models(GatewayUnderTest.KEY).status()).isEqualTo(200);
    assertThat(there.models(GatewayUnderTest.KEY).status()).isEqualTo(200);

    here.make("acme");

    here.models(GatewayUnderTest.KEY).isError(401, "invalid_api_key");
    await()
        .atMost(Duration.ofSeconds(3))
        .until(() -> there.models(GatewayUnderTest.KEY).status() == 401);
    JsonNode key = here.key("acme", "{}");
    String secret = key.path("key").asText();
    assertThat(there.models(secret).status()).isEqualTo(200);
    try (Load load = new Load(secret, here, there)) {
      await().until(() -> load.answered() > 100);
      long revoked = System.nanoTime();
      here.delete(Tenancy.keys("acme") + "/" + key.path("id").asText());
      long done = System.nanoTime();
      await().until(() -> load.refusedBy(here) > 50 && load.refusedBy(there) > 50);

      assertThat(load.lastLetIn(here)).as("at once where it was made").isLessThan(done);
      assertThat(Duration.ofNanos(load.lastLetIn(there) - revoked))
          .as("soon elsewhere")
          .isLessThan(Duration.ofSeconds(3));
      assertThat(load.odd()).isEmpty();
    }
  }

  @Test
  void answers_that_are_forgotten_at_the_one_are_forgotten_at_the_other() {
    Tenancy here = new Tenancy(first);
    first.chat(ask("kept"));
    second.chat(ask("kept"));
    assertThat(second.chat(ask("kept")).cache()).isEqualTo("hit");

    Answer forgotten = here.delete("/admin/v1/cache?tenant=dev&model=gpt-4o-mini");

    assertThat(forgotten.json().path("removed").asInt()).isEqualTo(1);
    await().until(() -> second.chat(ask("kept")).cache().equals("miss"));
    JsonNode audit = here.get("/admin/v1/audit?kind=cache").json().path("data").get(0);
    assertThat(audit.path("subject").asText()).isEqualTo("dev/gpt-4o-mini");
  }

  /** Callers who ask both gateways without a pause. */
  private static final class Load implements AutoCloseable {
    private final AtomicBoolean over = new AtomicBoolean();
    private final ConcurrentLinkedQueue<String> odd = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Map<Tenancy, AtomicLong> letIn;
    private final Map<Tenancy, AtomicLong> refused;
    private final AtomicLong answered = new AtomicLong();

    Load(String key, Tenancy... gateways) {
      letIn = Map.of(gateways[0], new AtomicLong(), gateways[1], new AtomicLong());
      refused = Map.of(gateways[0], new AtomicLong(), gateways[1], new AtomicLong());
      for (Tenancy gateway : gateways) {
        for (int i = 0; i < 4; i++) {
          threads.add(Thread.ofVirtual().start(() -> call(gateway, key)));
        }
      }
    }

    private void call(Tenancy gateway, String key) {
      while (!over.get()) {
        long asked = System.nanoTime();
        int status = gateway.models(key).status();
        switch (status) {
          case 200 -> letIn.get(gateway).accumulateAndGet(asked, Math::max);
          case 401 -> refused.get(gateway).incrementAndGet();
          default -> odd.add("status " + status);
        }
        answered.incrementAndGet();
      }
    }

    long answered() {
      return answered.get();
    }

    /** When the last call began that was let in. */
    long lastLetIn(Tenancy gateway) {
      return letIn.get(gateway).get();
    }

    long refusedBy(Tenancy gateway) {
      return refused.get(gateway).get();
    }

    List<String> odd() {
      return List.copyOf(odd);
    }

    @Override
    public void close() {
      over.set(true);
      for (Thread thread : threads) {
        try {
          thread.join(Duration.ofSeconds(10));
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }
}
