package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Cassette;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Tokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Replays recorded provider traffic through the gateway: the client gets what the provider sent, in
 * OpenAI's form where it was another, and the ledger has the usage and its cost. {@code
 * -Dserai.cassettes=DIR} runs another folder.
 */
class CassetteReplayTest {
  private static final Map<String, String> WITHOUT_METADATA =
      Map.of(
          "serai.providers.anthropic.api-key",
          GatewayUnderTest.PROVIDER_KEY,
          "serai.providers.anthropic.tenant-metadata",
          "off");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(WITHOUT_METADATA);

  static List<Cassette> cassettes() {
    return Cassette.folder(Path.of(System.getProperty("serai.cassettes", "src/test/cassettes")));
  }

  @BeforeEach
  void forget() {
    gateway.provider().reset();
    gateway.second().reset();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cassettes")
  void gives_the_client_what_the_provider_sent(Cassette cassette) throws Exception {
    assumeTrue(cassette.openAiChat(), () -> "not in OpenAI's dialect: " + cassette);
    FakeProvider provider =
        cassette.provider().equals("openai") ? gateway.provider() : gateway.second();
    provider.byDefault(Behaviour.cassette(cassette));

    try (SseStream answer = gateway.stream(request(cassette), "x-serai-cache", "no-store")) {
      assertThat(answer.status()).isEqualTo(cassette.status());
      if (cassette.status() == 429) {
        answer.whole().isError(429, "rate_limit_exceeded");
        assertThat(provider.calls()).hasSize(4);
      } else if (cassette.streaming()) {
        assertSameEvents(cassette, answer.rest());
      } else {
        assertThat(answer.whole().body()).isEqualTo(cassette.body());
      }
      assertLedger(cassette, gateway.settledLedger(answer.header("x-serai-request-id")));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cassettes")
  void gives_the_client_the_vectors_that_the_provider_sent(Cassette cassette) {
    assumeTrue(cassette.openAiEmbeddings(), () -> "no embeddings of OpenAI's: " + cassette);
    gateway.provider().byDefault(Behaviour.cassette(cassette));

    Answer answer = gateway.post("/v1/embeddings", request(cassette), "x-serai-cache", "no-store");

    assertThat(answer.status()).isEqualTo(cassette.status());
    assertThat(answer.body()).isEqualTo(cassette.body());
    assertThat(gateway.provider().calls())
        .singleElement()
        .satisfies(
            call ->
                assertThat(call.json().path("input")).isEqualTo(cassette.request().get("input")));
    assertLedger(cassette, gateway.settledLedger(answer.requestId()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cassettes")
  void says_what_anthropic_sent_as_openai_would(Cassette cassette) throws Exception {
    assumeTrue(cassette.anthropicChat(), () -> "not in Anthropic's dialect: " + cassette);
    MessagesCassette recorded = new MessagesCassette(cassette);
    gateway.second().byDefault(Behaviour.cassette(cassette));

    try (SseStream answer = gateway.stream(recorded.chatRequest(), "x-serai-cache", "no-store")) {
      assertThat(answer.status()).isEqualTo(cassette.status());
      if (cassette.streaming()) {
        assertThat(MessagesCassette.linesOf(answer.rest())).isEqualTo(recorded.expected());
      } else if (cassette.status() == 200) {
        assertThat(MessagesCassette.linesOf(answer.whole().json())).isEqualTo(recorded.expected());
      } else {
        assertThat(answer.whole().isErrorShaped().json().at("/error/message").asText())
            .isEqualTo(recorded.errorMessage());
      }
      assertThat(MessagesCassette.canonical(gateway.second().calls().getFirst().json()))
          .isEqualTo(recorded.sent());
      List<LedgerRow> rows = gateway.settledLedger(answer.header("x-serai-request-id"));
      if (cassette.status() == 200) {
        assertThat(rows).extracting(LedgerRow::outcome).containsExactly("settled");
        assertThat(rows.getFirst().tokens()).isEqualTo(recorded.tokens());
        assertThat(rows.getFirst().costNanos()).isEqualTo(ByHand.nanos(cassette));
      } else {
        assertThat(rows).extracting(LedgerRow::state).containsExactly("failed");
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cassettes")
  void says_what_bedrock_sent_as_openai_would(Cassette cassette) throws Exception {
    assumeTrue(cassette.bedrockChat(), () -> "not of Bedrock's: " + cassette);
    new ConverseReplay(cassette).run();
  }

  private static String request(Cassette cassette) {
    ObjectNode request = cassette.request().deepCopy();
    request.put("model", cassette.provider() + "/" + request.path("model").asText());
    return request.toString();
  }

  private static void assertSameEvents(Cassette cassette, List<SseStream.Event> events) {
    boolean asked = cassette.request().path("stream_options").path("include_usage").asBoolean();
    List<byte[]> expected =
        cassette.events().stream().filter(event -> asked || !usageOnly(event)).toList();
    assertThat(events).hasSameSizeAs(expected);
    for (int i = 0; i < events.size(); i++) {
      assertSameEvent(expected.get(i), events.get(i).bytes());
    }
  }

  private static void assertSameEvent(byte[] expected, byte[] actual) {
    JsonNode usage = Cassette.data(expected).path("usage");
    if (usage.isObject() && !usage.has("cost")) {
      JsonNode withoutCost = Cassette.data(actual);
      ((ObjectNode) withoutCost.path("usage")).remove("cost");
      assertThat(withoutCost).isEqualTo(Cassette.data(expected));
    } else {
      assertThat(actual).isEqualTo(expected);
    }
  }

  private static boolean usageOnly(byte[] event) {
    JsonNode data = Cassette.data(event);
    return data.path("usage").isObject()
        && data.path("choices").isArray()
        && data.path("choices").isEmpty();
  }

  private static void assertLedger(Cassette cassette, List<LedgerRow> rows) {
    Tokens tokens = cassette.tokens();
    if (cassette.status() == 429) {
      assertThat(rows)
          .extracting(LedgerRow::outcome)
          .hasSize(4)
          .containsOnly("failed rate_limited");
    } else if (cassette.status() != 200) {
      assertThat(rows).extracting(LedgerRow::state).containsExactly("failed");
    } else if (tokens == null) {
      assertThat(rows).extracting(LedgerRow::costState).doesNotContain("priced").hasSize(1);
      assertThat(rows.getFirst().tokens().prompt()).isPositive();
    } else {
      assertThat(rows).extracting(LedgerRow::state).containsExactly("settled");
      assertThat(rows.getFirst().tokens()).isEqualTo(tokens);
      assertThat(rows.getFirst().costNanos()).isEqualTo(ByHand.nanos(cassette));
    }
  }
}
