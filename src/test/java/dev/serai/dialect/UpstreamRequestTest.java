package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UpstreamRequestTest {

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static ChatRequest request(String... fields) {
    return ChatRequest.parse(bytes("{" + String.join(",", fields) + "}"));
  }

  @Test
  void sends_the_same_array_when_nothing_changes() {
    byte[] body =
        bytes(
            "{\"model\":\"gpt-4o\",\"temperature\":0.70,"
                + "\"stream_options\":{\"include_usage\":true},"
                + MESSAGES
                + "}");

    byte[] sent = ChatRequest.parse(body).forUpstream("gpt-4o", true, BigDecimal.ONE);

    assertThat(sent).isSameAs(body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ \"model\" : \"a\" , M} | { \"model\" : \"b\\\"/é\" , M}",
        "{\"mod\\u0065l\":\"a\",M} | {\"mod\\u0065l\":\"b\\\"/é\",M}",
        "{\"model\":null,M} | {\"model\":\"b\\\"/é\",M}",
        "{\"é\":{\"model\":\"a\"},M,\"model\":\"a\" } |"
            + " {\"é\":{\"model\":\"a\"},M,\"model\":\"b\\\"/é\" }",
        " {M} | {\"model\":\"b\\\"/é\",M}",
      })
  void puts_the_upstream_model_in_place(String body, String sent) {
    byte[] parsed = bytes(body.replace("M", MESSAGES));

    assertThat(ChatRequest.parse(parsed).forUpstream("b\"/é", false, null))
        .asString(UTF_8)
        .isEqualTo(sent.replace("M", MESSAGES));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"model\":\"a\",M} | {\"stream_options\":{\"include_usage\":true},\"model\":\"a\",M}",
        "{\"model\":\"a\",\"stream_options\":null,M} |"
            + " {\"model\":\"a\",\"stream_options\":{\"include_usage\":true},M}",
        "{\"model\":\"a\",\"stream_options\":{ },M} |"
            + " {\"model\":\"a\",\"stream_options\":{\"include_usage\":true },M}",
        "{\"model\":\"a\",\"stream_options\":{\"x\":[1]},M} |"
            + " {\"model\":\"a\",\"stream_options\":{\"include_usage\":true,\"x\":[1]},M}",
        "{\"model\":\"a\",\"stream_options\":{\"x\":1,\"include_usage\": false},M} |"
            + " {\"model\":\"a\",\"stream_options\":{\"x\":1,\"include_usage\": true},M}",
      })
  void asks_for_usage(String body, String sent) {
    byte[] parsed = bytes(body.replace("M", MESSAGES));

    assertThat(ChatRequest.parse(parsed).forUpstream("a", true, null))
        .asString(UTF_8)
        .isEqualTo(sent.replace("M", MESSAGES));
  }

  @Test
  void adds_all_that_is_missing_at_once() throws Exception {
    byte[] sent = request(MESSAGES).forUpstream("a", true, new BigDecimal("0.2"));

    assertThat(new JsonMapper().readTree(sent))
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    "{\"model\":\"a\",\"stream_options\":{\"include_usage\":true},"
                        + "\"temperature\":0.2,"
                        + MESSAGES
                        + "}"));
  }

  @Test
  void adds_a_text_field_in_front_and_leaves_the_rest_alone() {
    byte[] sent =
        request("\"model\":\"a\"", MESSAGES)
            .forUpstream("a", false, null, new TextField("user", "q\"q"), null);

    assertThat(sent)
        .asString(UTF_8)
        .isEqualTo("{\"user\":\"q\\\"q\",\"model\":\"a\"," + MESSAGES + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"user\":\"theirs\"", "\"user\":null", "\"us\\u0065r\":\"theirs\""})
  void keeps_the_text_field_that_was_sent(String field) {
    byte[] body = bytes("{\"model\":\"a\"," + field + "," + MESSAGES + "}");

    assertThat(
            ChatRequest.parse(body)
                .forUpstream("a", false, null, new TextField("user", "ours"), null))
        .isSameAs(body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"temperature\":1", "\"temperature\":null"})
  void keeps_the_temperature_that_was_sent(String temperature) {
    byte[] sent =
        request("\"model\":\"a\"", temperature, MESSAGES)
            .forUpstream("a", false, new BigDecimal("0.2"));

    assertThat(sent).asString(UTF_8).contains(temperature).doesNotContain("0.2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "model":"a"                                | true  | {"max_completion_tokens":9,"model":"a",
          "model":"a"                                | false | {"max_tokens":9,"model":"a",
          "model":"a","max_tokens":null              | false | {"model":"a","max_tokens":9,
          "model":"a","max_completion_tokens" : null | true  | {"model":"a","max_completion_tokens" : 9,
          "model":"a","max_tokens":null              | true  | {"max_completion_tokens":9,"model":"a","max_tokens":null,
          "model":"a","max_tokens":-1                | false | {"model":"a","max_tokens":9,
          "model":"a","max_tokens":0                 | true  | {"model":"a","max_tokens":9,
          "model":"a","max_completion_tokens": -1    | false | {"max_tokens":9,"model":"a","max_completion_tokens": 9,
          "model":"a","max_completion_tokens":5      | false | {"max_tokens":9,"model":"a","max_completion_tokens":5,
          "model":"a","max_completion_tokens":5      | true  | {"model":"a","max_completion_tokens":5,
          "model":"a","max_tokens":5                 | true  | {"model":"a","max_tokens":5,
          "max_completion_tokens":5 ,"max_tokens":7,"model":"a" | false | {"max_completion_tokens":5 ,"max_tokens":7,"model":"a",
          """)
  void says_how_long_the_answer_may_be(String fields, boolean completion, String begin) {
    byte[] sent =
        request(fields, MESSAGES).forUpstream("a", false, null, null, new MaxTokens(completion, 9));

    assertThat(sent).asString(UTF_8).isEqualTo(begin + MESSAGES + "}");
  }
}
