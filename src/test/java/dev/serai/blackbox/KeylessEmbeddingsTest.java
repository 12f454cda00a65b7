package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.provider.Embedded;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Without a provider's key, the role embeddings gives the real vectors of the local model. */
class KeylessEmbeddingsTest {
  private static final String PATH = "/v1/embeddings";

  private final GatewayUnderTest gateway =
      GatewayUnderTest.shared(
          Map.of(
              "serai.providers.openai.api-key", "",
              "serai.providers.openrouter.api-key", "",
              "serai.providers.local.max-embedding-inputs", "2",
              "serai.files.enabled", "true",
              "serai.files.poll", "100ms",
              "serai.files.settle", "100ms"));

  @Test
  void the_role_embeddings_is_answered_in_the_process_and_free() {
    Answer answer = gateway.post(PATH, "{\"model\":\"embeddings\",\"input\":\"a caravan inn\"}");

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.json().path("data").path(0).path("embedding")).hasSize(384);
    assertThat(answer.json().path("model").asText()).isEqualTo("all-MiniLM-L6-v2");
    assertThat(answer.header("x-serai-target")).isEqualTo("local");
    assertThat(answer.header("x-serai-cost-usd")).isEqualTo("0.00");
    LedgerRow row = gateway.settledLedger(answer.requestId()).getFirst();
    assertThat(row.tokens().prompt())
        .isEqualTo(answer.json().path("usage").path("prompt_tokens").asLong())
        .isPositive();
  }

  @Test
  void several_texts_come_in_order_and_in_base64_if_asked() {
    Answer all =
        gateway.post(
            PATH, "{\"input\":[\"camel\",\"lantern\",\"well\"],\"encoding_format\":\"base64\"}");
    Answer last = gateway.post(PATH, "{\"input\":\"well\",\"encoding_format\":\"base64\"}");

    assertThat(all.header("x-serai-attempts")).isEqualTo("2");
    assertThat(all.json().path("data")).hasSize(3);
    assertThat(Embedded.decoded(base64(all, 2)))
        .hasSize(384)
        .isEqualTo(Embedded.decoded(base64(last, 0)));
  }

  @Test
  void what_the_model_cannot_do_is_refused_in_openais_shape() {
    gateway
        .post(PATH, "{\"input\":\"a\",\"dimensions\":100}")
        .isError(400, "invalid_request_error");
  }

  @Test
  void a_text_in_the_inbox_of_the_role_becomes_a_vector_in_the_outbox() throws IOException {
    Folders folders = Folders.of(gateway.home(), "embeddings");

    folders.drop("note.txt", "Where do the camels drink?");
    folders.drop("notes.json", "{\"input\":[\"one\",\"two\"]}");

    JsonNode vector = new ObjectMapper().readTree(folders.answer("note.txt"));
    assertThat(vector).hasSize(384);
    assertThat(vector.path(0).isNumber()).isTrue();
    assertThat(folders.sidecar("note.txt").path("raw").path("data").path(0).path("embedding"))
        .isEqualTo(vector);
    assertThat(folders.sidecar("note.txt").path("tokens_output").asInt()).isZero();
    JsonNode several = folders.sidecar("notes");
    assertThat(several.path("raw").path("data")).hasSize(2);
    assertThat(several.path("model").asText()).isEqualTo("all-MiniLM-L6-v2");
  }

  @Test
  void a_chat_request_in_that_folder_fails_with_the_reason() {
    Folders folders = Folders.of(gateway.home(), "embeddings");

    folders.drop("chat.json", "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

    assertThat(folders.error("chat.json").path("error").path("message").asText())
        .contains("\"input\" is missing");
  }

  private static String base64(Answer answer, int index) {
    return answer.json().path("data").path(index).path("embedding").asText();
  }
}
