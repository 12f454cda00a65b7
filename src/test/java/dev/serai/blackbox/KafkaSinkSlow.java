package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import kafka.server.BrokerServer;
import kafka.testkit.KafkaClusterTestKit;
import kafka.testkit.TestKitNodes;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** Usage events reach Kafka. Too slow for every build: {@code mvn verify -Pslow}. */
class KafkaSinkSlow {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String TOPIC = "usage-of-tests";

  @Test
  @SuppressWarnings("try") // closing may be interrupted, and nobody does
  void every_usage_event_arrives_though_kafka_is_away_in_the_middle() throws Exception {
    String address = "localhost:" + freePort();
    try (KafkaClusterTestKit kafka = cluster(address);
        GatewayUnderTest gateway =
            GatewayUnderTest.start(
                Map.of(
                    "serai.accounting.sink",
                    "kafka",
                    "serai.accounting.kafka.brokers",
                    address,
                    "serai.accounting.kafka.topic",
                    TOPIC))) {
      JdbcTemplate jdbc = new JdbcTemplate(gateway.part(DataSource.class));
      call(gateway, "before", 30);
      await().atMost(Duration.ofSeconds(60)).until(() -> waiting(jdbc) == 0);

      BrokerServer broker = Objects.requireNonNull(kafka.brokers().get(0));
      broker.shutdown();
      broker.awaitShutdown();
      call(gateway, "while away", 30);
      await().until(() -> waiting(jdbc) == 30);
      broker.startup();
      await().atMost(Duration.ofMinutes(2)).until(() -> waiting(jdbc) == 0);

      List<String> rows =
          jdbc.queryForList("select cast(id as varchar) from llm_usage", String.class);
      assertThat(rows).hasSize(60);
      assertThat(received(address)).isEqualTo(new HashSet<>(rows));
    }
  }

  private static KafkaClusterTestKit cluster(String address) throws Exception {
    Map<String, String> broker =
        Map.of(
            "listeners", "EXTERNAL://" + address, "advertised.listeners", "EXTERNAL://" + address);
    KafkaClusterTestKit kafka =
        new KafkaClusterTestKit.Builder(
                new TestKitNodes.Builder()
                    .setNumBrokerNodes(1)
                    .setNumControllerNodes(1)
                    .setPerServerProperties(Map.of(0, broker))
                    .build())
            .build();
    kafka.format();
    kafka.startup();
    kafka.waitForReadyBrokers();
    return kafka;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void call(GatewayUnderTest gateway, String text, int times) {
    for (int i = 0; i < times; i++) {
      assertThat(gateway.chat(ask(text + " " + i)).status()).isEqualTo(200);
    }
  }

  private static long waiting(JdbcTemplate jdbc) {
    Long open =
        jdbc.queryForObject(
            "select (select count(*) from usage_outbox)"
                + " + (select count(*) from llm_usage where state = 'open')",
            Long.class);
    return open == null ? -1 : open;
  }

  private static Set<String> received(String brokers) throws Exception {
    Set<String> rows = new HashSet<>();
    Map<String, Object> settings = Map.of("bootstrap.servers", brokers);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      List<TopicPartition> partitions = List.of(new TopicPartition(TOPIC, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      for (int i = 0; i < 100 && rows.size() < 60; i++) {
        for (ConsumerRecord<String, String> event : consumer.poll(Duration.ofMillis(200))) {
          rows.add(JSON.readTree(event.value()).path("id").asText());
        }
      }
    }
    return rows;
  }
}
