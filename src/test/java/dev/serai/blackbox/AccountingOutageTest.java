package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.budget.Budget;
import dev.serai.budget.Budgets;
import dev.serai.budget.Period;
import dev.serai.limit.Subject;
import jakarta.jms.Connection;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Calls go on while what accounting leans on is away, and in the end everything is where it
 * belongs.
 */
class AccountingOutageTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final AtomicInteger CALLS = new AtomicInteger();
  private static final String QUEUE = "usage-of-tests";

  private static final String BROKER = "tcp://127.0.0.1:" + freePort();

  @TempDir Path folder;

  private final ConcurrentLinkedQueue<JsonNode> received = new ConcurrentLinkedQueue<>();
  private final GatewayUnderTest gateway =
      GatewayUnderTest.shared(
          Map.of(
              "serai.accounting.sink",
              "jms",
              "serai.accounting.jms.broker-url",
              BROKER,
              "serai.accounting.jms.destination",
              QUEUE,
              "serai.ledger.fail-closed",
              "never",
              "serai.ledger.open-timeout",
              "500ms",
              "spring.datasource.hikari.connection-timeout",
              "250"));

  @Test
  void every_usage_event_arrives_though_the_broker_is_away_at_first_and_in_the_middle()
      throws Exception {
    String first = call();
    assertThat(gateway.settledLedger(first))
        .extracting(LedgerRow::outcome)
        .containsExactly("settled");
    await().atMost(Duration.ofSeconds(20)).until(() -> gateway.meter("serai_sink_waiting") > 0);

    assertThat(gateway.get("/actuator/health").status()).isEqualTo(200);

    EmbeddedActiveMQ broker = broker();
    for (int i = 0; i < 20; i++) {
      call();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> waiting() == 0);
    broker.stop();
    for (int i = 0; i < 20; i++) {
      call();
    }
    await().until(() -> waiting() == 20);
    broker.start();
    await().atMost(Duration.ofSeconds(30)).until(() -> waiting() == 0);
    receive(settled().size());
    broker.stop();

    Set<String> rows = new HashSet<>();
    received.forEach(event -> rows.add(event.path("id").asText()));
    assertThat(rows).hasSizeGreaterThanOrEqualTo(41).isEqualTo(settled());
    JsonNode event =
        received.stream()
            .filter(each -> each.path("request_id").asText().equals(first))
            .findFirst()
            .orElseThrow();
    assertThat(event.path("event_id").asText()).isEqualTo(event.path("id").asText() + "-1");
    assertThat(event.path("revision").asInt()).isOne();
    assertThat(event.path("state").asText()).isEqualTo("settled");
    assertThat(event.path("cost_usd").asText()).matches("0\\.\\d+");
    assertThat(event.path("price_input_usd_per_million").asText()).isEqualTo("0.15");
    assertThat(event.toString()).doesNotContain("nothing of what is said");
  }

  @Test
  void calls_go_on_while_the_database_is_away_and_are_settled_when_it_is_back() throws Exception {
    call();
    gateway.provider().reset();
    // Its period has not begun yet: nobody can look it up once the database is away.
    Budgets budgets = gateway.part(Budgets.class);
    budgets.put(
        new Budget(
            Subject.GATEWAY,
            Budget.MOST,
            Period.DAY,
            ZoneOffset.UTC,
            Budget.Mode.HARD,
            false,
            Budget.OnBudget.REFUSE,
            null),
        "test");
    List<String> requests = new ArrayList<>();
    try (java.sql.Connection other = OutageTest.takeTheDatabaseAway(gateway)) {
      requests.add(call());
      long began = System.nanoTime();
      for (int i = 0; i < 10; i++) {
        requests.add(call());
      }
      assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
      assertThat(gateway.meter("serai_ledger_away")).isOne();
      assertThat(gateway.meter("serai_ledger_away_rows")).isEqualTo(11);
      assertThat(other.isValid(1)).isTrue();
    }

    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(500))
        .until(() -> gateway.meter("serai_ledger_away") == 0);
    budgets.delete(Subject.GATEWAY, "test");
    for (String request : requests) {
      assertThat(gateway.settledLedger(request))
          .extracting(LedgerRow::outcome)
          .containsExactly("settled");
    }
    assertThat(gateway.provider().calls()).hasSize(11);
  }

  private String call() {
    Answer answer = gateway.chat(ask("nothing of what is said " + CALLS.incrementAndGet()));
    assertThat(answer.status()).isEqualTo(200);
    return answer.requestId();
  }

  private long waiting() {
    return Objects.requireNonNull(
        new JdbcTemplate(gateway.part(DataSource.class))
            .queryForObject("select count(*) from usage_outbox", Long.class));
  }

  private Set<String> settled() {
    List<String> ids =
        new JdbcTemplate(gateway.part(DataSource.class))
            .queryForList(
                "select cast(id as varchar) from llm_usage where state = 'settled'", String.class);
    return new HashSet<>(ids);
  }

  private void receive(int most) throws Exception {
    try (ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(BROKER);
        Connection connection = factory.createConnection();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(QUEUE))) {
      connection.start();
      for (int i = 0; i < most; i++) {
        if (consumer.receive(2000) instanceof TextMessage message) {
          received.add(JSON.readTree(message.getText()));
        }
      }
    }
  }

  private EmbeddedActiveMQ broker() throws Exception {
    ConfigurationImpl configuration = new ConfigurationImpl();
    configuration.setPersistenceEnabled(true);
    configuration.setJournalType(JournalType.NIO);
    configuration.setJournalMinFiles(2);
    configuration.setJournalFileSize(1 << 20);
    configuration.setJournalDatasync(false);
    configuration.setBrokerInstance(folder.toFile());
    configuration.setSecurityEnabled(false);
    configuration.addAcceptorConfiguration("tcp", BROKER);
    EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
    broker.setConfiguration(configuration);
    return broker.start();
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
