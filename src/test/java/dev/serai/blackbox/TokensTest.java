package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Call;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counting tokens over HTTP; nothing is called or billed. */
class TokensTest {
  private static final String PATH = "/v1/tokens";
  private static final String HELLO = "\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private long rowsBefore;

  @BeforeEach
  void count() {
    rowsBefore = gateway.ledgerSize();
  }

  @AfterEach
  void nothing_was_called_or_billed() {
    assertThat(gateway.provider().calls()).extracting(Call::path).isEmpty();
    assertThat(gateway.ledgerSize()).isEqualTo(rowsBefore);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          gpt-4o                          | gpt-4o                 | 9 | true  | o200k_base
          openai/gpt-4o-mini              | gpt-4o-mini            | 9 | true  | o200k_base
          gpt-5-nano                      | gpt-5-nano             | 8 | true  | o200k_base
          rag                             | gpt-4-turbo            | 9 | true  | cl100k_base
          claude-haiku-4-5                | claude-haiku-4-5       | 9 | false | o200k_base
          local/serai-local               | serai-local            | 9 | false | o200k_base
          """)
  void counts_a_chat_request(
      String model, String counted, long tokens, boolean exact, String encoding) {
    Answer answer = gateway.post(PATH, "{\"model\":\"" + model + "\"," + HELLO + "}");

    assertThat(answer.text())
        .isEqualTo(
            "{\"model\":\"%s\",\"input_tokens\":%d,\"exact\":%s,\"encoding\":\"%s\"}"
                .formatted(counted, tokens, exact, encoding));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          text-embedding-3-small | "How do I reset my password?" | 7 | true
          text-embedding-3-small | ["hello world","hello"]       | 3 | true
          text-embedding-3-small | [[1,2,3],[4]]                 | 4 | true
          gpt-4o                 | "tiktoken is great!"          | 6 | true
          cohere.embed-english-v3 | "hello"                      | 1 | false
          """)
  void counts_texts(String model, String input, long tokens, boolean exact) {
    Answer answer = gateway.post(PATH, "{\"model\":\"%s\",\"input\":%s}".formatted(model, input));

    assertThat(answer.json().path("input_tokens").asLong()).isEqualTo(tokens);
    assertThat(answer.json().path("exact").asBoolean()).isEqualTo(exact);
  }

  @Test
  void the_role_can_come_by_header() {
    Answer answer = gateway.post(PATH, "{" + HELLO + "}", "x-serai-role", "rag");

    assertThat(answer.json().path("model").asText()).isEqualTo("gpt-4-turbo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hello", "[]", "{}", "{\"model\":\"gpt-4o\"}", "{\"input\":[]}"})
  void refuses_what_is_no_request(String body) {
    gateway.post(PATH, body).isError(400, "invalid_request_error");
  }

  @Test
  void does_not_find_an_unknown_model() {
    gateway
        .post(PATH, "{\"model\":\"no-such-model\"," + HELLO + "}")
        .isError(404, "model_not_found");
  }

  @Test
  void counts_for_nobody_without_a_key() {
    Answer answer =
        gateway.send(
            gateway
                .request(PATH)
                .setHeader("Authorization", "Bearer sk-wrong")
                .header("Content-Type", "application/json")
                .POST(java.net.http.HttpRequest.BodyPublishers.ofString("{" + HELLO + "}")));

    answer.isError(401, "invalid_api_key");
  }
}
