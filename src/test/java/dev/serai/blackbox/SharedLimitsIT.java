package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.FakeProvider;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Two processes on one PostgreSQL and one Redis keep to one limit, and hear of each other. */
class SharedLimitsIT {
  private static final String TENANTS = "/admin/v1/tenants";
  private static final String MODELS = "/v1/models";

  /** The machine may be busy with something else once. */
  private static final int TRIES = 3;

  @Test
  void
      of_two_hundred_callers_at_a_limit_of_fifty_a_minute_fifty_get_through_and_a_revoked_key_opens_neither()
          throws Exception {
    Path jar = Path.of(Objects.requireNonNull(System.getProperty("serai.jar"), "serai.jar"));
    Path homes = Files.createDirectories(Path.of("target", "homes").toAbsolutePath());
    try (EmbeddedPostgres postgres =
            EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        RedisUnderTest redis = new RedisUnderTest();
        FakeProvider provider = FakeProvider.start()) {
      Map<String, String> variables = new HashMap<>();
      variables.put("SPRING_DATASOURCE_URL", postgres.getJdbcUrl("postgres", "postgres"));
      variables.put("SPRING_DATASOURCE_USERNAME", "postgres");
      variables.put("SPRING_DATA_REDIS_URL", redis.url());
      variables.put("SERAI_LIMITS_GATEWAY_REQUESTSPERMINUTE", "50");
      variables.put("SERAI_FILES_ENABLED", "false");
      try (SeraiProcess one =
              SeraiProcess.start(
                  jar, Files.createTempDirectory(homes, "one"), provider.baseUrl(), variables);
          SeraiProcess two =
              SeraiProcess.start(
                  jar, Files.createTempDirectory(homes, "two"), provider.baseUrl(), variables)) {
        List<Integer> statuses = flood(one, two);

        assertThat(statuses).filteredOn(status -> status == 200).hasSize(50);
        assertThat(statuses).filteredOn(status -> status == 429).hasSize(150);
        assertThat(provider.calls()).hasSize(50);

        Duration fastest = Duration.ofDays(1);
        one.admin("POST", TENANTS, "{\"id\":\"acme\"}");
        for (int i = 0; i < TRIES; i++) {
          Duration took = revocation(one, two);
          fastest = took.compareTo(fastest) < 0 ? took : fastest;
        }
        assertThat(fastest).as("until a key is revoked on both").isLessThan(Duration.ofSeconds(1));
      }
    }
  }

  /** From the moment a key is revoked on one to when both refuse it. */
  private static Duration revocation(SeraiProcess one, SeraiProcess two) throws Exception {
    JsonNode made = one.admin("POST", TENANTS + "/acme/keys", "{}");
    String key = made.path("key").asText();
    assertThat(one.status(MODELS, key)).isEqualTo(200);
    assertThat(two.status(MODELS, key)).isEqualTo(200);
    long began = System.nanoTime();
    one.admin("DELETE", TENANTS + "/acme/keys/" + made.path("id").asText(), "");
    assertThat(one.status(MODELS, key)).isEqualTo(401);
    await().pollInterval(Duration.ofMillis(10)).until(() -> two.status(MODELS, key) == 401);
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static List<Integer> flood(SeraiProcess one, SeraiProcess two) {
    List<Future<Integer>> sent = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        SeraiProcess gateway = i % 2 == 0 ? one : two;
        String question = ask("question " + i);
        sent.add(callers.submit(() -> gateway.status(question)));
      }
    }
    return sent.stream().map(Future::resultNow).toList();
  }
}
