package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Behaviour;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Two gateways on one database. */
class ConversationReplicasTest {
  private static final int REQUESTS = 8;

  @Test
  void requests_of_one_conversation_take_turns_and_none_is_paid_for_and_refused() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.builder().start()) {
      Map<String, String> database =
          Map.of(
              "spring.datasource.url",
              server.getJdbcUrl("postgres", "postgres"),
              "spring.datasource.username",
              "postgres");
      try (GatewayUnderTest one = GatewayUnderTest.start(database);
          GatewayUnderTest other = GatewayUnderTest.start(database)) {
        List<Talk> talks = List.of(new Talk(one, "shared"), new Talk(other, "shared"));
        Stream.of(one, other)
            .forEach(
                gateway -> gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(50))));

        List<Answer> answers =
            Together.run(
                REQUESTS, i -> talks.get(i % 2).ask(ask("question " + i, i % 4 < 2 ? STREAM : "")));

        assertThat(answers).extracting(Answer::status).containsOnly(200);
        assertThat(
                Stream.of(one, other)
                    .flatMap(gateway -> gateway.provider().calls().stream())
                    .map(call -> Talk.sent(call).size()))
            .as("each was sent all that was said before")
            .containsExactlyInAnyOrder(1, 3, 5, 7, 9, 11, 13, 15);
        assertThat(talks.getFirst().stored()).hasSize(2 * REQUESTS);
      }
    }
  }
}
