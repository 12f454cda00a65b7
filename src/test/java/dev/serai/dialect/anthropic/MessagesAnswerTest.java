package dev.serai.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.Json;
import dev.serai.dialect.ProviderError;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessagesAnswerTest {

  private static byte[] completion(String content, String stop, @Nullable String answerTool) {
    String body =
        """
        {"id":"msg_1","type":"message","role":"assistant","model":"claude-1","content":%s,
         "stop_reason":"%s","usage":{"input_tokens":10,"output_tokens":20,
         "cache_read_input_tokens":300,"cache_creation_input_tokens":40,
         "cache_creation":{"ephemeral_5m_input_tokens":15,"ephemeral_1h_input_tokens":25}}}\
        """
            .formatted(content, stop);
    return Objects.requireNonNull(
        MessagesAnswer.completion(body.getBytes(UTF_8), answerTool, 1_700_000_000L));
  }

  private static JsonNode tree(byte[] json) {
    return Objects.requireNonNull(Json.tree(json, 0, json.length));
  }

  @Test
  void text_and_reasoning_are_put_together() {
    JsonNode answer =
        tree(
            completion(
                """
                [{"type":"thinking","thinking":"why","signature":"s"},
                 {"type":"redacted_thinking","data":"d"},
                 {"type":"text","text":"one "},{"type":"text","text":"two"}]\
                """,
                "end_turn",
                null));

    assertThat(answer.path("id").asText()).isEqualTo("msg_1");
    assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
    assertThat(answer.path("created").asLong()).isEqualTo(1_700_000_000L);
    assertThat(answer.at("/choices/0/message"))
        .isEqualTo(
            tree(
                """
                {"role":"assistant","content":"one two","refusal":null,"reasoning_content":"why",
                 "reasoning_details":[
                   {"type":"reasoning.text","text":"why","signature":"s","index":0},
                   {"type":"reasoning.encrypted","data":"d","index":1}]}\
                """
                    .getBytes(UTF_8)));
  }

  @Test
  void cached_tokens_are_part_of_the_prompt() {
    AnswerFacts facts = AnswerFacts.read(completion("[]", "end_turn", null));

    assertThat(facts.usage()).isEqualTo(new Usage(350, 20, 300, 40, 25, 0, null, false));
    assertThat(facts.model()).isEqualTo("claude-1");
  }

  @Test
  void tool_calls_have_their_arguments_as_text() {
    JsonNode answer =
        tree(
            completion(
                """
                [{"type":"tool_use","id":"t1","name":"f","input":{"a":1}},
                 {"type":"tool_use","id":"t2","name":"g","input":{}}]\
                """,
                "tool_use",
                null));

    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(answer.at("/choices/0/message/content").isNull()).isTrue();
    assertThat(answer.at("/choices/0/message/tool_calls"))
        .isEqualTo(
            tree(
                """
                [{"id":"t1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},
                 {"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]\
                """
                    .getBytes(UTF_8)));
  }

  @Test
  void an_answer_in_json_looks_like_any_other() {
    JsonNode answer =
        tree(
            completion(
                """
                [{"type":"text","text":"Here it is"},
                 {"type":"tool_use","id":"t","name":"json","input":{"a":[1,2.50]}}]\
                """,
                "tool_use",
                "json"));

    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("{\"a\":[1,2.50]}");
    assertThat(answer.at("/choices/0/message").has("tool_calls")).isFalse();
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @ParameterizedTest
  @CsvSource({
    "end_turn, stop",
    "stop_sequence, stop",
    "max_tokens, length",
    "model_context_window_exceeded, length",
    "pause_turn, length",
    "refusal, content_filter",
    "brand_new, brand_new"
  })
  void stop_reasons_are_finish_reasons(String stop, String finish) {
    JsonNode answer = tree(completion("[{\"type\":\"text\",\"text\":\"a\"}]", stop, null));

    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo(finish);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "{}", "{\"content\":\"text\"}"})
  void what_is_no_message_is_no_answer(String body) {
    assertThat(MessagesAnswer.completion(body.getBytes(UTF_8), null, 0)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"input_tokens\":1}",
        "{\"input_tokens\":-1,\"output_tokens\":1}",
        "{\"input_tokens\":1.5,\"output_tokens\":1}",
        "{\"input_tokens\":\"1\",\"output_tokens\":1}",
        "{\"input_tokens\":1,\"output_tokens\":1,\"cache_read_input_tokens\":1e30}"
      })
  void a_usage_that_cannot_be_right_is_none(String usage) {
    String body = "{\"content\":[],\"usage\":" + usage + "}";
    byte[] json = Objects.requireNonNull(MessagesAnswer.completion(body.getBytes(UTF_8), null, 0));

    assertThat(AnswerFacts.read(json).usagePresent()).isFalse();
  }

  @Test
  void errors_are_openais() {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"not_found_error\",\"message\":\"model: x\"}}";

    ProviderError error = ProviderError.read(404, MessagesError.body(404, body.getBytes(UTF_8)));

    assertThat(error.openAiShaped()).isTrue();
    assertThat(error.message()).isEqualTo("model: x");
    assertThat(error.type()).isEqualTo("not_found_error");
    assertThat(error.param()).isEqualTo("model");
    assertThat(error.code()).isEqualTo("model_not_found");
  }

  @Test
  void a_request_that_is_too_large_has_the_code_for_it() {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"request_too_large\",\"message\":\"too large\"}}";

    ProviderError error = ProviderError.read(413, MessagesError.body(413, body.getBytes(UTF_8)));

    assertThat(error.code()).isEqualTo("request_too_large");
  }

  @Test
  void an_empty_account_is_told_from_a_wrong_request() {
    String body =
        "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\",\"message\":"
            + "\"Your credit balance is too low to access the Anthropic API.\"}}";

    byte[] told = MessagesError.body(400, body.getBytes(UTF_8));

    assertThat(ProviderError.read(400, told).insufficientQuota()).isTrue();
  }

  @Test
  void an_error_of_somebody_else_stays_as_it_is() {
    byte[] html = "<html>".getBytes(UTF_8);

    assertThat(MessagesError.body(403, html)).isSameAs(html);
  }
}
