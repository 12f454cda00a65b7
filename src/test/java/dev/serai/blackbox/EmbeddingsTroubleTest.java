package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Behaviour;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What cannot be made a vector of gets the contract's error; nothing is called or billed. */
class EmbeddingsTroubleTest {
  private static final String PATH = "/v1/embeddings";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private long rowsBefore;

  @BeforeEach
  void count() {
    rowsBefore = gateway.ledgerSize();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "{}",
        "[]",
        "{\"model\":\"text-embedding-3-small\"}",
        "{\"model\":\"text-embedding-3-small\",\"input\":\"\"}",
        "{\"model\":\"text-embedding-3-small\",\"input\":[]}",
        "{\"model\":\"text-embedding-3-small\",\"input\":[\"\"]}",
        "{\"model\":\"text-embedding-3-small\",\"input\":[\"a\",\"\"]}",
        "{\"model\":\"text-embedding-3-small\",\"input\":[[]]}",
        "{\"model\":\"text-embedding-3-small\",\"input\":null}",
        "{\"model\":\"text-embedding-3-small\",\"input\":{\"text\":\"a\"}}",
        "{\"model\":\"text-embedding-3-small\",\"input\":[\"a\",1]}",
        "{\"model\":\"text-embedding-3-small\",\"input\":\"a\",\"dimensions\":\"x\"}",
        "{\"model\":\"text-embedding-3-small\",\"input\":\"a\",\"encoding_format\":1}"
      })
  void refuses_embeddings_of_nothing(String body) {
    Answer answer = gateway.post(PATH, body);

    answer.isError(400, "invalid_request_error");
    nothingWasCalledOrBilled();
  }

  @ParameterizedTest
  @CsvSource({"gpt-4o", "openai/gpt-4o-mini", "rag", "local/serai-local"})
  void a_model_that_chats_makes_no_vectors(String model) {
    Answer answer = gateway.post(PATH, "{\"model\":\"" + model + "\",\"input\":\"a\"}");

    answer.isError(400, "model_not_supported");
    assertThat(answer.text()).contains("embedding model");
    nothingWasCalledOrBilled();
  }

  @ParameterizedTest
  @CsvSource({
    "text-embedding-3-large",
    "openai/text-embedding-3-small",
    "embeddings",
    "local/all-MiniLM-L6-v2"
  })
  void a_model_that_makes_vectors_does_not_chat(String model) {
    Answer answer =
        gateway.chat(
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(model));

    answer.isError(400, "model_not_supported");
    nothingWasCalledOrBilled();
  }

  @Test
  void refuses_more_vectors_than_it_could_hold() {
    String texts =
        IntStream.range(0, 20_000)
            .mapToObj(i -> "\"a\"")
            .collect(Collectors.joining(",", "[", "]"));

    Answer answer =
        gateway.post(PATH, "{\"model\":\"text-embedding-3-large\",\"input\":" + texts + "}");

    answer.isError(400, "too_many_inputs");
    assertThat(answer.text()).contains("at most 31");
    nothingWasCalledOrBilled();
  }

  @Test
  void a_model_without_a_credential_says_what_is_missing() {
    Answer answer =
        gateway.post(PATH, "{\"model\":\"amazon.titan-embed-text-v2:0\",\"input\":\"a\"}");

    answer.isError(503, "no_target_available");
    assertThat(answer.text()).contains("AWS_");
  }

  @Test
  void the_providers_refusal_is_passed_on_and_costs_nothing() {
    gateway
        .provider()
        .byDefault(
            Behaviour.json(
                400,
                "{\"error\":{\"message\":\"too long\",\"type\":\"invalid_request_error\","
                    + "\"param\":\"input\",\"code\":null}}"));

    Answer answer = gateway.post(PATH, "{\"model\":\"text-embedding-3-small\",\"input\":\"long\"}");

    answer.isError(400, "invalid_request_error");
    assertThat(answer.text()).contains("too long");
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::costNanos)
        .containsExactly(0L);
  }

  @Test
  void a_refused_part_ends_the_request_and_what_was_made_is_in_the_ledger() {
    GatewayUnderTest splitting =
        GatewayUnderTest.shared(Map.of("serai.providers.openai.max-embedding-tokens", "3"));
    splitting.provider().next(Behaviour.vectors(), Behaviour.status(422));

    Answer answer =
        splitting.post(
            PATH, "{\"model\":\"text-embedding-3-small\",\"input\":[[1,2],[3],[4,5,6,7]]}");

    assertThat(answer.status()).isEqualTo(422);
    assertThat(splitting.provider().calls())
        .extracting(call -> call.json().path("input").toString())
        .containsExactly("[[1,2],[3]]", "[[4,5,6,7]]");
    assertThat(splitting.settledLedger(answer.requestId()))
        .extracting(LedgerRow::state)
        .containsExactly("settled", "failed");
  }

  @Test
  void parts_that_together_take_too_long_are_given_up() {
    GatewayUnderTest hasty =
        GatewayUnderTest.shared(
            Map.of("serai.providers.openai.max-embedding-inputs", "1", "serai.deadline", "1s"));
    hasty.provider().byDefault(Behaviour.slow(Duration.ofMillis(400)));

    Answer answer =
        hasty.post(
            PATH, "{\"model\":\"text-embedding-3-small\",\"input\":[[1],[2],[3],[4],[5],[6]]}");

    answer.isError(504, "provider_timeout");
    assertThat(hasty.provider().calls()).hasSizeBetween(2, 3);
    assertThat(hasty.settledLedger(answer.requestId()))
        .extracting(LedgerRow::state)
        .startsWith("settled")
        .doesNotContain("open");
  }

  @Test
  void only_post_is_taken() {
    Answer answer =
        gateway.send(
            gateway
                .request(PATH, "Content-Type", "application/json")
                .method("PUT", BodyPublishers.ofString("{}")));

    assertThat(answer.isErrorShaped().status()).isEqualTo(405);
  }

  private void nothingWasCalledOrBilled() {
    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(gateway.ledgerSize()).isEqualTo(rowsBefore);
  }
}
