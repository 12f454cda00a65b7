package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Bedrock;
import dev.serai.provider.Call;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Vectors of Titan and Cohere on Amazon Bedrock, in OpenAI's form. */
class BedrockEmbeddingsTest {
  private static final String TITAN = "amazon.titan-embed-text-v2:0";
  private static final String METADATA = "x-amzn-bedrock-request-metadata";

  private final GatewayUnderTest gateway =
      GatewayUnderTest.shared(
          Map.of(
              "serai.providers.bedrock.api-key",
              "AKIATESTTESTTESTTEST",
              "serai.providers.bedrock.secret-key",
              "secret-of-the-tests",
              "serai.providers.bedrock.max-retries",
              "0"));

  @Test
  void titan_is_asked_text_by_text_and_the_vectors_keep_their_order() {
    gateway
        .provider()
        .script(
            call ->
                Bedrock.converse(
                    "{\"embedding\":[%s,0.25],\"inputTextTokenCount\":4}"
                        .formatted(call.json().path("inputText").asText())));

    Answer answer = embed(TITAN, "[\"1\",\"2\",\"3\"]", "");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("data"))
        .extracting(item -> item.at("/embedding/0").asInt())
        .containsExactly(1, 2, 3);
    assertThat(answer.json().at("/usage/prompt_tokens").asInt()).isEqualTo(12);
    List<Call> calls = gateway.provider().calls();
    assertThat(calls).hasSize(3);
    assertThat(calls.getFirst().path()).isEqualTo("/model/amazon.titan-embed-text-v2%3A0/invoke");
    assertThat(calls.getFirst().header("authorization")).startsWith("AWS4-HMAC-SHA256 ");
    LedgerRow row = gateway.settledLedger(answer.requestId()).getFirst();
    assertThat(row.tokens().prompt()).isEqualTo(12);
    assertThat(row.costNanos()).isEqualTo(12 * 200);
  }

  @Test
  void base64_is_of_little_endian_floats() {
    gateway.provider().next(Bedrock.converse("{\"embedding\":[1.0],\"inputTextTokenCount\":1}"));

    Answer answer = embed(TITAN, "\"base64\"", ",\"encoding_format\":\"base64\"");

    String vector = answer.json().at("/data/0/embedding").asText();
    assertThat(Base64.getDecoder().decode(vector)).containsExactly(0, 0, 0x80, 0x3f);
  }

  @Test
  void cohere_takes_all_texts_at_once_and_says_the_tokens_in_a_header() {
    gateway
        .provider()
        .next(
            reply ->
                reply.whole(
                    200,
                    Map.of(
                        "Content-Type",
                        "application/json",
                        "X-Amzn-Bedrock-Input-Token-Count",
                        "9"),
                    "{\"embeddings\":{\"float\":[[1],[2]]}}"
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8)));

    Answer answer = embed("cohere.embed-english-v3", "[\"a\",\"b\"]", "");

    assertThat(answer.json().path("data")).hasSize(2);
    assertThat(answer.json().at("/usage/total_tokens").asInt()).isEqualTo(9);
    JsonNode sent = gateway.provider().calls().getFirst().json();
    assertThat(sent.path("texts")).hasSize(2);
    assertThat(sent.path("input_type").asText()).isEqualTo("search_document");
  }

  @Test
  void whose_request_it_is_comes_in_a_signed_header() {
    gateway
        .provider()
        .byDefault(Bedrock.converse("{\"embedding\":[1.0],\"inputTextTokenCount\":1}"));

    embed(TITAN, "\"own\"", "");
    embed(TITAN, "\"theirs\"", ",\"user\":\"their user\"");
    embed(TITAN, "\"unfit\"", ",\"user\":\"\\u00fc\"");

    List<Call> calls = gateway.provider().calls();
    assertThat(calls.get(0).header(METADATA)).matches("\\{\"user_id\":\"[0-9a-f]{32}\"}");
    assertThat(calls.get(0).header("authorization")).contains(METADATA);
    assertThat(calls.get(1).header(METADATA)).isEqualTo("{\"user_id\":\"their user\"}");
    assertThat(calls.get(2).headers()).doesNotContainKey(METADATA);
    assertThat(calls).noneMatch(call -> call.json().has("user"));
  }

  @Test
  void tokens_are_turned_back_into_texts() {
    gateway.provider().next(Bedrock.converse("{\"embedding\":[1.0],\"inputTextTokenCount\":2}"));

    embed(TITAN, "[15339,1917]", "");

    assertThat(gateway.provider().calls().getFirst().json().path("inputText").asText())
        .isEqualTo("hello world");
  }

  @ParameterizedTest
  @CsvSource({
    "429, ThrottlingException, 429, rate_limit_exceeded",
    "400, ValidationException, 400, invalid_request_error",
    "500, InternalServerException, 502, provider_error"
  })
  void a_failure_of_one_text_is_a_failure_of_all_and_the_others_are_paid(
      int status, String type, int told, String error) {
    gateway
        .provider()
        .script(
            call ->
                call.json().path("inputText").asText().equals("b")
                    ? Bedrock.error(status, type, "not now")
                    : Bedrock.converse("{\"embedding\":[1.0],\"inputTextTokenCount\":3}"));

    Answer answer = embed(TITAN, "[\"a\",\"b\",\"c\"]", "").isError(told, error);

    long tokens = 3 * (gateway.provider().calls().size() - 1L);
    LedgerRow row = gateway.settledLedger(answer.requestId()).getFirst();
    assertThat(row.outcome()).startsWith("failed ");
    assertThat(tokens).isPositive();
    assertThat(row.tokens().prompt()).isEqualTo(tokens);
    assertThat(row.costNanos()).isEqualTo(tokens * 200);
  }

  @Test
  void what_holds_no_vectors_is_no_answer() {
    gateway.provider().next(Bedrock.converse("{\"something\":1}"));

    embed(TITAN, "\"no vectors\"", "").isError(502, "provider_error");
  }

  @Test
  void dimensions_that_cannot_be_chosen_are_refused_before_anything_is_sent() {
    embed("cohere.embed-english-v3", "\"short\"", ",\"dimensions\":64")
        .isError(400, "invalid_request_error");

    assertThat(gateway.provider().calls()).isEmpty();
  }

  private Answer embed(String model, String input, String fields) {
    String json = "{\"model\":\"bedrock/%s\",\"input\":%s%s}".formatted(model, input, fields);
    return gateway.send(
        gateway
            .request("/v1/embeddings")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }
}
