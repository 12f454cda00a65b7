package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What the gateway leans on is away or too slow: it says so in time, and nothing is lost. */
class OutageTest {
  private static final int RETRIES = 10;

  private final GatewayUnderTest gateway =
      GatewayUnderTest.shared(
          Map.of(
              "serai.deadline",
              "2s",
              "serai.providers.openai.attempt-timeout",
              "600ms",
              "serai.providers.openai.max-retries",
              Integer.toString(RETRIES),
              "serai.ledger.open-timeout",
              "500ms",
              "spring.datasource.hikari.connection-timeout",
              "250"));

  @Test
  void the_deadline_ends_the_retries() {
    gateway.provider().byDefault(Behaviour.blackHole());
    long start = System.nanoTime();

    Answer answer = gateway.chat(ask("never answered"));

    Duration took = Duration.ofNanos(System.nanoTime() - start);
    answer.isError(504, "provider_timeout");
    assertThat(took).isBetween(Duration.ofMillis(1800), Duration.ofSeconds(6));
    int calls = gateway.provider().calls().size();
    assertThat(calls).isBetween(2, 4);
    assertThat(answer.header("x-serai-attempts")).isEqualTo(Integer.toString(calls));
    assertThat(gateway.settledLedger(answer.requestId()))
        .hasSize(calls)
        .extracting(LedgerRow::state)
        .containsOnly("failed");
  }

  @Test
  void without_a_ledger_nothing_is_sent_and_it_recovers() throws SQLException {
    assertThat(gateway.chat(ask("before")).status()).isEqualTo(200);
    gateway.provider().reset();

    try (Connection other = takeTheDatabaseAway(gateway)) {
      Answer answer = gateway.chat(ask("may not be sent"));

      answer.isError(503, "no_target_available");
      assertThat(answer.header("retry-after")).matches("[1-9][0-9]*");
      assertThat(gateway.provider().calls()).isEmpty();
      assertThat(other.isValid(1)).isTrue();
    }

    AtomicReference<@Nullable Answer> last = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(20))
        // The pool looks whether a connection lives only after it has rested for half a second.
        .pollDelay(Duration.ofSeconds(1))
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              Answer answer = gateway.chat(ask("sent again"));
              last.set(answer);
              return answer.status() == 200;
            });
    Answer answer = Objects.requireNonNull(last.get());
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("settled");
  }

  /** Closes the database under the gateway and holds its file's lock, as another process would. */
  static Connection takeTheDatabaseAway(GatewayUnderTest gateway) {
    JdbcTemplate jdbc = new JdbcTemplate(gateway.part(DataSource.class));
    AtomicReference<@Nullable Connection> taken = new AtomicReference<>();
    await()
        .atMost(Duration.ofSeconds(10))
        .ignoreExceptions()
        .until(
            () -> {
              jdbc.execute("SHUTDOWN");
              taken.set(
                  DriverManager.getConnection("jdbc:h2:async:" + gateway.home().resolve("serai")));
              return true;
            });
    return Objects.requireNonNull(taken.get());
  }
}
