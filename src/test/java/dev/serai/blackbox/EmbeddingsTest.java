package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.Embedded;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Vectors over HTTP: passed through, split, joined, cached and paid for. */
class EmbeddingsTest {
  private static final String PATH = "/v1/embeddings";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private final GatewayUnderTest splitting =
      GatewayUnderTest.shared(
          Map.of(
              "serai.providers.openai.max-embedding-inputs", "3",
              "serai.providers.openrouter.max-embedding-inputs", "2",
              "serai.roles.vectors.description", "Makes vectors",
              "serai.roles.vectors.targets",
                  "openai/text-embedding-3-small,openrouter/other-embedding",
              "serai.roles.twins.description", "Makes vectors of one model at two places",
              "serai.roles.twins.targets", "openai/same-embedding,openrouter/same-embedding"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"a text of its own\"",
        "[\"one\",\"two\",\"three\"]",
        "[9906,1917]",
        "[[9906,1917],[15339]]"
      })
  void gives_what_the_provider_sent_for_every_form_of_input(String input) {
    Answer answer = embed(gateway, "text-embedding-3-small", input, "\"user\":\"u-1\"");

    Call call = onlyCall();
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(call.path()).isEqualTo("/v1/embeddings");
    assertThat(call.json().path("input").toString()).isEqualTo(input);
    assertThat(call.json().path("user").asText()).isEqualTo("u-1");
    assertThat(answer.json().path("data")).hasSize(Embedded.asked(call));
    assertThat(answer.json().path("usage").path("prompt_tokens").asLong()).isEqualTo(tokens(call));
  }

  @Test
  void a_call_is_charged_its_prompt_and_no_completion() {
    Answer answer = embed(gateway, "text-embedding-3-large", "\"what does it cost\"", "\"seed\":1");

    BigDecimal cost = new BigDecimal("0.00000013").multiply(BigDecimal.valueOf(tokens(onlyCall())));
    LedgerRow row = gateway.settledLedger(answer.requestId()).getFirst();
    assertThat(row.tokens().prompt()).isEqualTo(tokens(onlyCall()));
    assertThat(row.tokens().completion()).isZero();
    assertThat(new BigDecimal(answer.header("x-serai-cost-usd"))).isEqualByComparingTo(cost);
    assertThat(answer.header("x-serai-model")).isEqualTo("text-embedding-3-large");
    assertThat(answer.header("x-serai-target")).isEqualTo("openai");
  }

  @Test
  void passes_the_encoding_and_the_dimensions_on() {
    Answer answer =
        embed(
            gateway,
            "text-embedding-3-small",
            "[\"left\",\"right\"]",
            "\"encoding_format\":\"base64\",\"dimensions\":8");

    String base64 = answer.json().path("data").path(1).path("embedding").asText();
    assertThat(Embedded.decoded(base64))
        .isEqualTo(Embedded.vector(onlyCall().json().path("input").path(1), 8));
  }

  @Test
  void who_names_nothing_gets_the_role_embeddings() {
    Answer answer = gateway.post(PATH, "{\"input\":\"no name at all\"}");

    assertThat(answer.header("x-serai-model")).isEqualTo("text-embedding-3-large");
    assertThat(onlyCall().json().path("model").asText()).isEqualTo("text-embedding-3-large");
  }

  @Test
  void the_same_again_comes_from_the_cache() {
    Answer first = embed(gateway, "text-embedding-3-small", "\"said twice\"", "\"seed\":2");
    Answer second = embed(gateway, "text-embedding-3-small", "\"said twice\"", "\"seed\":2");
    Answer other = embed(gateway, "text-embedding-3-small", "\"said once\"", "\"seed\":2");

    assertThat(first.cache()).isEqualTo("miss");
    assertThat(second.cache()).isEqualTo("hit");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(second.header("x-serai-cost-usd")).isEqualTo("0.00");
    assertThat(other.cache()).isEqualTo("miss");
    assertThat(gateway.provider().calls()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"float", "base64"})
  void splits_what_the_provider_cannot_take_at_once_and_joins_it_in_order(String format) {
    List<String> texts = texts(8, format);

    Answer answer =
        embed(
            splitting,
            "text-embedding-3-small",
            json(texts),
            "\"encoding_format\":\"" + format + "\"");

    List<Call> calls = splitting.provider().calls();
    List<LedgerRow> rows = splitting.settledLedger(answer.requestId());
    assertThat(calls).extracting(Embedded::asked).containsExactly(3, 3, 2);
    assertThat(vectors(answer)).containsExactlyElementsOf(expected(texts));
    assertThat(indexes(answer)).isEqualTo(IntStream.range(0, 8).boxed().toList());
    assertThat(rows).extracting(LedgerRow::state).containsOnly("settled").hasSize(3);
    long sum = calls.stream().mapToLong(EmbeddingsTest::tokens).sum();
    assertThat(answer.json().path("usage").path("prompt_tokens").asLong()).isEqualTo(sum);
    assertThat(rows.stream().mapToLong(row -> row.tokens().prompt()).sum()).isEqualTo(sum);
    assertThat(new BigDecimal(answer.header("x-serai-cost-usd")))
        .isEqualByComparingTo(new BigDecimal("0.00000002").multiply(BigDecimal.valueOf(sum)));
    assertThat(answer.header("x-serai-attempts")).isEqualTo("3");
  }

  @Test
  void a_split_request_is_cached_as_one() {
    String input = json(texts(5, "cached"));

    Answer first = embed(splitting, "text-embedding-3-small", input, "\"seed\":3");
    Answer second = embed(splitting, "text-embedding-3-small", input, "\"seed\":3");

    assertThat(second.cache()).isEqualTo("hit");
    assertThat(second.body()).isEqualTo(first.body());
    assertThat(splitting.provider().calls()).hasSize(2);
  }

  @Test
  void a_part_that_fails_is_sent_again_and_no_other() {
    splitting.provider().next(Behaviour.vectors(), Behaviour.status(500), Behaviour.vectors());
    List<String> texts = texts(5, "again");

    Answer answer = embed(splitting, "text-embedding-3-small", json(texts), "\"seed\":4");

    assertThat(vectors(answer)).containsExactlyElementsOf(expected(texts));
    assertThat(splitting.provider().calls()).extracting(Embedded::asked).containsExactly(3, 2, 2);
    assertThat(splitting.settledLedger(answer.requestId()))
        .extracting(LedgerRow::state)
        .containsExactly("settled", "failed", "settled");
  }

  @Test
  void another_model_makes_all_vectors_anew() {
    splitting.provider().next(Behaviour.vectors(), Behaviour.insufficientQuota());
    List<String> texts = texts(4, "moved");

    Answer answer = embed(splitting, "vectors", json(texts), "\"seed\":5");

    assertThat(answer.header("x-serai-model")).isEqualTo("other-embedding");
    assertThat(vectors(answer)).containsExactlyElementsOf(expected(texts));
    assertThat(splitting.second().calls()).extracting(Embedded::asked).containsExactly(2, 2);
    long sum = splitting.second().calls().stream().mapToLong(EmbeddingsTest::tokens).sum();
    assertThat(answer.json().path("usage").path("prompt_tokens").asLong()).isEqualTo(sum);
    assertThat(splitting.settledLedger(answer.requestId())).hasSize(4);
  }

  @Test
  void the_same_model_elsewhere_goes_on_where_the_first_stopped() {
    splitting.provider().next(Behaviour.vectors(), Behaviour.insufficientQuota());
    List<String> texts = texts(5, "twins");

    Answer answer = embed(splitting, "twins", json(texts), "\"seed\":6");

    assertThat(vectors(answer)).containsExactlyElementsOf(expected(texts));
    assertThat(splitting.second().calls()).extracting(Embedded::asked).containsExactly(2);
  }

  @Test
  void a_provider_that_owes_a_vector_has_not_answered() {
    gateway
        .provider()
        .byDefault(
            Behaviour.json(
                200,
                "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
                    + "\"embedding\":[0.5]}],\"usage\":{\"prompt_tokens\":2}}"));

    Answer answer = embed(gateway, "text-embedding-3-small", "[\"owed\",\"two\"]", "\"seed\":7");

    answer.isError(502, "provider_error");
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::state)
        .containsExactly("failed");
  }

  @Test
  void a_provider_that_says_nothing_of_usage_is_charged_an_estimate() {
    gateway
        .provider()
        .byDefault(
            Behaviour.json(200, "{\"data\":[{\"index\":0,\"embedding\":[0.5]}],\"model\":\"m\"}"));

    Answer answer =
        embed(gateway, "text-embedding-3-small", "\"How do I reset my password?\"", "\"seed\":8");

    assertThat(answer.status()).isEqualTo(200);
    LedgerRow row = gateway.settledLedger(answer.requestId()).getFirst();
    assertThat(row.tokens().prompt()).isEqualTo(7);
    assertThat(row.tokens().completion()).isZero();
    assertThat(row.costState()).isEqualTo("estimated");
  }

  private static Answer embed(GatewayUnderTest at, String model, String input, String fields) {
    return at.post(PATH, "{\"model\":\"%s\",\"input\":%s,%s}".formatted(model, input, fields));
  }

  private Call onlyCall() {
    assertThat(gateway.provider().calls()).hasSize(1);
    return gateway.provider().calls().getFirst();
  }

  private static long tokens(Call call) {
    return java.util.Objects.requireNonNull(call.tokens()).prompt();
  }

  private static List<String> texts(int count, String label) {
    return IntStream.range(0, count).mapToObj(i -> "text " + i + " of " + label).toList();
  }

  private static String json(List<String> texts) {
    return texts.stream().map(text -> '"' + text + '"').collect(Collectors.joining(", ", "[", "]"));
  }

  private static List<float[]> expected(List<String> texts) {
    return texts.stream().map(Embedded::vector).toList();
  }

  private static List<Integer> indexes(Answer answer) {
    List<Integer> indexes = new ArrayList<>();
    answer.json().path("data").forEach(item -> indexes.add(item.path("index").asInt()));
    return indexes;
  }

  private static List<float[]> vectors(Answer answer) {
    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    List<float[]> vectors = new ArrayList<>();
    for (JsonNode item : answer.json().path("data")) {
      JsonNode embedding = item.path("embedding");
      if (embedding.isTextual()) {
        vectors.add(Embedded.decoded(embedding.asText()));
        continue;
      }
      float[] vector = new float[embedding.size()];
      for (int i = 0; i < vector.length; i++) {
        vector[i] = embedding.get(i).floatValue();
      }
      vectors.add(vector);
    }
    return vectors;
  }
}
