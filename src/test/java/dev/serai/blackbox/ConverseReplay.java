package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Cassette;
import java.util.List;
import java.util.Map;

/**
 * Replays one recording of Amazon Bedrock's: what a client sees, what was sent, what is charged.
 */
final class ConverseReplay {
  private static final Map<String, String> AWS =
      Map.of(
          "serai.providers.bedrock.api-key",
          "AKIAREPLAYREPLAYREPL",
          "serai.providers.bedrock.secret-key",
          TestKeys.secret("secret-of-the-replay"),
          "serai.providers.bedrock.tenant-metadata",
          "off");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(AWS);
  private final Cassette cassette;
  private final ConverseCassette recorded;

  ConverseReplay(Cassette cassette) {
    this.cassette = cassette;
    this.recorded = new ConverseCassette(cassette);
  }

  void run() throws Exception {
    gateway.provider().byDefault(Behaviour.cassette(cassette));
    try (SseStream answer = gateway.stream(recorded.chatRequest(), "x-serai-cache", "no-store")) {
      assertThat(answer.status()).isEqualTo(cassette.status());
      if (recorded.streaming()) {
        assertThat(MessagesCassette.linesOf(answer.rest())).isEqualTo(recorded.expected());
      } else if (cassette.status() == 200) {
        assertThat(MessagesCassette.linesOf(answer.whole().json())).isEqualTo(recorded.expected());
      } else {
        JsonNode error = answer.whole().isErrorShaped().json().path("error");
        assertThat(error.path("message").asText()).isEqualTo(recorded.errorMessage());
      }
      JsonNode sent = gateway.provider().calls().getFirst().json();
      assertThat(ConverseCassette.canonical(sent)).isEqualTo(recorded.sent());
      assertThat(gateway.provider().calls().getFirst().path().replace("%3A", ":"))
          .isEqualTo(cassette.path().replace("%3A", ":"));
      charged(gateway.settledLedger(answer.header("x-serai-request-id")));
    }
  }

  private void charged(List<LedgerRow> rows) {
    if (cassette.status() == 200) {
      assertThat(rows).extracting(LedgerRow::outcome).containsExactly("settled");
      assertThat(rows.getFirst().tokens()).isEqualTo(recorded.tokens());
      assertThat(rows.getFirst().costNanos()).isEqualTo(ByHand.nanos(cassette));
    } else {
      assertThat(rows).extracting(LedgerRow::state).containsExactly("failed");
    }
  }

  /** Text with one spelling for each number. */
  static ObjectNode numbers(ObjectNode object) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getValue().isNumber()) {
        field.setValue(object.numberNode(field.getValue().doubleValue()));
      } else if (field.getValue() instanceof ObjectNode inner) {
        numbers(inner);
      }
    }
    return object;
  }
}
