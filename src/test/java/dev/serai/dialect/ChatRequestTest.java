package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChatRequestTest {

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  private static final String FULL =
      """
      {"model": "gpt-4o", "temperature": 0.70, "max_tokens": 5, "max_completion_tokens": 9,
       "n": 2, "stream": true, "stream_options": {"include_usage": true}, "stop": ["a"],
       "messages": [
        {"role": "system", "content": "Be brief"},
        {"content": [{"type": "text", "text": "What is \\"é\\"?"},
                     {"type": "image_url", "image_url": {"url": "data:AAAA"}},
                     {"type": "text", "text": "Say."}], "role": "user", "name": "Ann"},
        {"role": "assistant", "content": null, "tool_calls": [
           {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "42"}],
       "tools": [{"type":"function","function":{"name":"look"}}],
       "response_format": {"type":"json_object"}}
      """;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static ChatRequest request(String... fields) {
    return ChatRequest.parse(bytes("{" + String.join(",", fields) + "}"));
  }

  private static InvalidRequestException refusal(byte[] body) {
    return catchThrowableOfType(InvalidRequestException.class, () -> ChatRequest.parse(body));
  }

  @Test
  void reads_the_facts_of_a_full_request() {
    ChatRequest request = ChatRequest.parse(bytes(FULL));

    assertThat(request.model()).isEqualTo("gpt-4o");
    assertThat(request.stream()).isTrue();
    assertThat(request.includeUsage()).isTrue();
    assertThat(request.temperature()).isEqualByComparingTo("0.7");
    assertThat(request.maxOutputTokens()).isEqualTo(9);
    assertThat(request.choices()).isEqualTo(2);
    assertThat(request.messageCount()).isEqualTo(4);
    assertThat(request.imageCount()).isEqualTo(1);
    assertThat(request.has("tools")).isTrue();
    assertThat(request.has("seed")).isFalse();
    assertThat(request.lastUserText()).isEqualTo("What is \"é\"?\nSay.");
    assertThat(request.toString()).doesNotContain("gpt", "brief");
  }

  @Test
  void reads_what_is_absent_or_null_as_not_given() {
    ChatRequest request =
        request(
            MESSAGES,
            "\"model\":null,\"temperature\":null,\"max_tokens\":null,\"n\":null,\"stream\":null",
            "\"stream_options\":null,\"tools\":null,\"stop\":null,\"response_format\":null");

    assertThat(request.model()).isNull();
    assertThat(request.stream()).isFalse();
    assertThat(request.includeUsage()).isFalse();
    assertThat(request.temperature()).isNull();
    assertThat(request.maxOutputTokens()).isNull();
    assertThat(request.choices()).isEqualTo(1);
    assertThat(request.has("temperature")).isTrue();
  }

  @Test
  void gives_all_text_that_counts_as_prompt_and_no_image() {
    List<String> texts = new ArrayList<>();

    ChatRequest.parse(bytes(FULL)).forEachText(texts::add);

    assertThat(texts)
        .containsExactly(
            "Be brief",
            "What is \"é\"?",
            "Say.",
            "Ann",
            "look",
            "{}",
            "42",
            "[{\"type\":\"function\",\"function\":{\"name\":\"look\"}}]",
            "{\"type\":\"json_object\"}");
  }

  @Test
  void has_no_user_text_when_nobody_asked() {
    ChatRequest request = request("\"messages\":[{\"role\":\"system\",\"content\":\"x\"}]");

    assertThat(request.lastUserText()).isEmpty();
  }

  @Test
  void gives_the_text_of_odd_parts_and_custom_tool_calls() {
    List<String> texts = new ArrayList<>();
    ChatRequest request =
        request(
            """
            "messages":[{"role":"user","content":["a",{"type":"text","text":"b"},7],"tool_calls":[
            {"type":"custom","custom":{"name":"c","input":"d"}}]}]\
            """);

    request.forEachText(texts::add);

    assertThat(texts).containsExactly("a", "b", "c", "d");
  }

  @ParameterizedTest
  @CsvSource({"1, 100000, 100000", "7, 5, 7", "-1, 5, 5", "0, -1, 0"})
  void of_two_limits_on_the_answer_it_reckons_with_the_larger(
      long maxTokens, long maxCompletionTokens, long larger) {
    ChatRequest request =
        request(
            "\"max_tokens\":" + maxTokens,
            "\"max_completion_tokens\":" + maxCompletionTokens,
            MESSAGES);

    assertThat(request.maxOutputTokens()).isEqualTo(larger);
  }

  @Test
  void takes_as_many_choices_as_openai_does() {
    assertThat(request("\"n\":128", MESSAGES).choices()).isEqualTo(128);
  }

  @Test
  void lets_the_provider_judge_values() {
    ChatRequest request =
        ChatRequest.parse(
            bytes(
                "{\"max_tokens\":0,\"messages\":[{\"content\":null,\"role\":\"user\"}],"
                    + "\"temperature\":-0.5,\"n\":-3}"));

    assertThat(request.maxOutputTokens()).isZero();
    assertThat(request.temperature()).isEqualByComparingTo("-0.5");
    assertThat(request.choices()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | messages | missing_required_parameter",
        "{\"messages\":null} | messages | invalid_type",
        "{\"messages\":\"hi\"} | messages | invalid_type",
        "{\"messages\":[]} | messages | invalid_value",
        "{\"messages\":[1]} | messages[0] | invalid_type",
        "{\"messages\":[{}]} | messages[0].role | missing_required_parameter",
        "{\"messages\":[{\"role\":1}]} | messages[0].role | invalid_type",
        "{\"messages\":[{\"role\":\"u\",\"content\":5}]} | messages[0].content | invalid_type",
        "{\"messages\":[{\"role\":\"u\",\"content\":{}}]} | messages[0].content | invalid_type",
        "{\"model\":1} | model | invalid_type",
        "{\"stream\":\"yes\"} | stream | invalid_type",
        "{\"stream_options\":[]} | stream_options | invalid_type",
        "{\"stream_options\":{\"include_usage\":1}} | stream_options.include_usage | invalid_type",
        "{\"temperature\":\"1\"} | temperature | invalid_type",
        "{\"temperature\":1e99999} | temperature | invalid_value",
        "{\"temperature\":1e99999999999} | temperature | invalid_value",
        "{\"max_tokens\":1e99999999999} | max_tokens | invalid_type",
        "{\"max_tokens\":1.5} | max_tokens | invalid_type",
        "{\"max_tokens\":99999999999999999999} | max_tokens | invalid_type",
        "{\"max_completion_tokens\":\"9\"} | max_completion_tokens | invalid_type",
        "{\"n\":{}} | n | invalid_type",
        "{\"n\":129} | n | invalid_value",
        "{\"n\":9223372036854775807} | n | invalid_value",
        "{\"stop\":1} | stop | invalid_type",
        "{\"tools\":{}} | tools | invalid_type",
      })
  void rejects_a_wrong_type_naming_the_field(String body, String param, String code) {
    InvalidRequestException refusal = refusal(bytes(body));

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code()).isEqualTo(code);
    assertThat(refusal).hasMessageContaining(param).hasMessageEndingWith(".");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "secret",
        "[]",
        "\"secret\"",
        "null",
        "{" + MESSAGES + "} secret",
        "{" + MESSAGES + "}{}",
        "{" + MESSAGES + ",}",
        "{" + MESSAGES + ",\"secret\":1,\"secret\":2}",
        "{" + MESSAGES + ",\"a\":{\"secret\":1,\"\\u0073ecret\":2}}",
        "{" + MESSAGES + ",\"secret\":NaN}",
        "{" + MESSAGES + ",\"secret\":01}",
        "{" + MESSAGES + ",\"secret\":\"\n\"}",
        "{" + MESSAGES + ",\"secret\":\"open",
        "\uFEFF\uFEFF{" + MESSAGES + "}",
      })
  void rejects_what_is_no_clean_json_without_repeating_it(String body) {
    InvalidRequestException refusal = refusal(bytes(body));

    assertThat(refusal.code()).isEqualTo("invalid_json");
    assertThat(refusal.param()).isNull();
    assertThat(refusal).hasMessageNotContaining("secret").hasNoCause();
  }

  @Test
  void says_where_the_json_is_broken() {
    assertThat(refusal(bytes("{\n  \"a\": secret}"))).hasMessageContaining("line 2, column");
  }

  @Test
  void says_that_a_key_is_there_twice() {
    assertThat(refusal(bytes("{\"a\":1,\"a\":2}"))).hasMessageContaining("same key twice");
  }

  @Test
  void takes_a_hundred_levels_and_refuses_one_more() {
    String hundred = "[".repeat(99) + "]".repeat(99);

    assertThat(request(MESSAGES, "\"x\":" + hundred).messageCount()).isEqualTo(1);
    assertThat(refusal(bytes("{\"x\":[" + hundred + "]," + MESSAGES + "}")))
        .hasMessageContaining("deeper than 100");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "C3",
        "C328",
        "C080",
        "E08080",
        "E282",
        "EDA080",
        "F0808080",
        "F4908080",
        "F5808080",
        "FF",
        "E28228"
      })
  void rejects_invalid_utf8_in_strings(String hex) {
    String body = "{\"x\":\"\u0000\"," + MESSAGES + "}";
    String bytes = new String(HexFormat.of().parseHex(hex), ISO_8859_1);
    byte[] bad = body.replace("\u0000", bytes).getBytes(ISO_8859_1);

    assertThat(refusal(bad)).hasMessageContaining("UTF-8");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32", "UTF-32LE", "UTF-32BE"})
  void rejects_wider_encodings(String charset) throws Exception {
    assertThat(refusal(("{" + MESSAGES + "}").getBytes(charset))).hasMessageContaining("UTF-8");
  }

  @Test
  void takes_every_kind_of_valid_utf8() {
    ChatRequest request =
        request(
            "\"messages\":[{\"role\":\"user\",\"content\":\"aß→😀\uD7FF\uE000 and the rest\"}]");

    assertThat(request.lastUserText()).isEqualTo("aß→😀\uD7FF\uE000 and the rest");
  }

  @Test
  void drops_a_byte_order_mark() {
    ChatRequest request = ChatRequest.parse(bytes("\uFEFF{" + MESSAGES + ",\"model\":\"a\"}"));

    assertThat(request.forUpstream("b", false, null))
        .asString(UTF_8)
        .isEqualTo("{" + MESSAGES + ",\"model\":\"b\"}");
  }

  @Test
  void throws_nothing_else_wherever_the_body_is_cut() {
    byte[] full = bytes(FULL.strip());

    for (int length = 0; length < full.length; length++) {
      assertThat(refusal(Arrays.copyOf(full, length))).as("first %d bytes", length).isNotNull();
    }
  }

  @Test
  void throws_nothing_else_whatever_is_changed() {
    Random random = new Random(7);
    byte[] full = bytes(FULL);
    for (int round = 0; round < 30_000; round++) {
      byte[] body = full.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        body[random.nextInt(body.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt(256)
                : (byte) "{}[]\",:0e-.tn\\".charAt(random.nextInt(14));
      }
      useAll(body);
    }
  }

  @Test
  void throws_nothing_else_on_random_bytes() {
    Random random = new Random(8);
    for (int round = 0; round < 5_000; round++) {
      byte[] body = new byte[random.nextInt(40)];
      random.nextBytes(body);
      useAll(body);
    }
  }

  private static void useAll(byte[] body) {
    ChatRequest request;
    try {
      request = ChatRequest.parse(body);
    } catch (InvalidRequestException e) {
      assertThat(e).hasMessageEndingWith(".");
      return;
    }
    request.forEachText(text -> assertThat(text).isNotNull());
    assertThat(request.lastUserText()).isNotNull();
    assertThat(request.fingerprint("t", null)).hasSize(32);
    byte[] sent = request.forUpstream("other", true, BigDecimal.ONE);
    assertThat(ChatRequest.parse(sent).model()).isEqualTo("other");
  }
}
