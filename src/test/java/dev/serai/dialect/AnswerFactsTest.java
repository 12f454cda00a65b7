package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.chat.CallResult;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerFactsTest {

  private static final String ANSWER =
      """
      {"id":"c1","object":"chat.completion","model":"gpt-4o-2024","choices":[
        {"index":0,"message":{"role":"assistant","content":"Hi \\"usage\\": {}"},
         "logprobs":{"content":[]},"finish_reason":"stop"},
        {"index":1,"message":{"content":null,"tool_calls":[{"id":"x"}]},"logprobs":null,
         "finish_reason":"tool_calls"}],
       "usage":{"prompt_tokens":8,"completion_tokens":377,"total_tokens":385,
        "prompt_tokens_details":{"cached_tokens":2,"cache_write_tokens":3,"audio_tokens":0},
        "completion_tokens_details":{"reasoning_tokens":320},"cost":0.000669}}
      """;

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static @Nullable Usage usage(String fields) {
    return AnswerFacts.read(bytes("{\"usage\":{" + fields + "}}")).usage();
  }

  @Test
  void reads_a_whole_answer() {
    AnswerFacts facts = AnswerFacts.read(bytes(ANSWER));

    assertThat(facts.readable()).isTrue();
    assertThat(facts.model()).isEqualTo("gpt-4o-2024");
    assertThat(facts.choices()).isEqualTo(2);
    assertThat(facts.finishReasons()).containsExactly("stop", "tool_calls");
    assertThat(facts.complete()).isTrue();
    assertThat(facts.error()).isNull();
    assertThat(facts.usage()).isEqualTo(new Usage(8, 377, 2, 3, 320, 669_000L, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"choices\":[]}",
        "{\"choices\":null}",
        "{\"choices\":[7]}",
        "{\"choices\":[{\"finish_reason\":null}]}",
        "{\"choices\":[{\"finish_reason\":\"length\"}]}",
        "{\"choices\":[{\"finish_reason\":\"content_filter\"}]}",
        "{\"choices\":[{\"finish_reason\":\"stop\"},{}]}",
        "{\"choices\":[{\"finish_reason\":\"stop\"}],\"error\":{\"message\":\"no\"}}",
        "{\"choices\":[{\"finish_reason\":\"stop\",\"error\":{\"message\":\"no\"}}]}",
      })
  void is_not_complete_unless_every_choice_ended_by_itself(String body) {
    AnswerFacts facts = AnswerFacts.read(bytes(body));

    assertThat(facts.readable()).isTrue();
    assertThat(facts.complete()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<html>", "[]", "null", "{\"a\":1", "{} x", "{\"a\":\"\u0000\"}"})
  void is_unreadable_when_it_is_no_json_object(String body) {
    AnswerFacts facts = AnswerFacts.read(bytes(body));

    assertThat(facts.readable()).isFalse();
    assertThat(facts.complete()).isFalse();
    assertThat(facts.usage()).isNull();
  }

  @Test
  void is_unreadable_wherever_it_is_cut_and_throws_nothing() {
    byte[] whole = bytes(ANSWER.strip());
    for (int length = 0; length < whole.length; length++) {
      assertThat(AnswerFacts.read(Arrays.copyOf(whole, length)).readable()).isFalse();
    }
  }

  @Test
  void throws_nothing_whatever_is_changed() {
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      byte[] body = bytes(ANSWER);
      body[random.nextInt(body.length)] = (byte) "{}[]\",:0e-.x\u00ff".charAt(random.nextInt(13));
      body[random.nextInt(body.length)] = (byte) random.nextInt(256);
      assertThat(AnswerFacts.read(body)).isNotNull();
      assertThat(ProviderError.read(500, body)).isNotNull();
    }
  }

  @Test
  void finds_an_error_inside_a_200() {
    ProviderError error =
        AnswerFacts.read(bytes("{\"error\":{\"code\":502,\"message\":\"no\"}}")).error();

    assertThat(error).isEqualTo(new ProviderError(502, "no", null, null, "502", true));
  }

  @Test
  void finds_no_error_in_a_null() {
    assertThat(AnswerFacts.read(bytes("{\"error\":null}")).error()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "'prompt_tokens':1",
        "'completion_tokens':1",
        "'prompt_tokens':null,'completion_tokens':1",
        "'prompt_tokens':'1','completion_tokens':1",
        "'prompt_tokens':-1,'completion_tokens':1",
        "'prompt_tokens':1.0,'completion_tokens':1",
        "'prompt_tokens':1,'completion_tokens':10000000001",
        "'prompt_tokens':1,'completion_tokens':99999999999999999999",
        "'prompt_tokens':1,'completion_tokens':{'x':[1]}",
        "'prompt_tokens':1,'completion_tokens':1,'prompt_tokens_details':'x'",
        "'prompt_tokens':1,'completion_tokens':1,'prompt_tokens_details':{'cached_tokens':'1'}",
        "'prompt_tokens':1,'completion_tokens':1,'prompt_tokens_details':{'cache_write_tokens':-1}",
        "'prompt_tokens':1,'completion_tokens':1,'completion_tokens_details':"
            + "{'reasoning_tokens':1.5}",
      })
  void a_usage_that_cannot_be_trusted_is_unknown(String fields) {
    assertThat(usage(fields.replace('\'', '"'))).isNull();
  }

  @Test
  void details_may_be_missing_or_null_and_bigger_than_their_total() {
    assertThat(
            usage(
                "\"prompt_tokens\":1,\"completion_tokens\":10000000000,"
                    + "\"prompt_tokens_details\":{\"cached_tokens\":5,\"x\":[{}]},"
                    + "\"completion_tokens_details\":null,\"cost\":null"))
        .isEqualTo(new Usage(1, 10_000_000_000L, 5, 0, 0, null, false));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "default"|STANDARD
          "Flex"|FLEX
          "priority"|PRIORITY
          "batch"|BATCH
          "scale"|STANDARD
          "turbo"|OTHER
          null|STANDARD
          7|STANDARD
          {"type":"flex"}|STANDARD
          """)
  void the_service_tier_is_read_wherever_it_stands(String json, ServiceTier tier) {
    String usage = "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}";
    String served = "\"service_tier\":" + json;

    AnswerFacts before = AnswerFacts.read(bytes("{" + served + "," + usage + "}"));
    AnswerFacts after = AnswerFacts.read(bytes("{" + usage + "," + served + "}"));

    assertThat(before.serviceTier()).isEqualTo(tier);
    assertThat(before.usage()).isEqualTo(new Usage(1, 2, 0, 0, 0, null, false).servedAs(tier));
    assertThat(after).isEqualTo(before);
  }

  @Test
  void a_usage_that_is_no_object_is_unknown() {
    AnswerFacts facts = AnswerFacts.read(bytes("{\"usage\":[1],\"model\":{\"usage\":1}}"));

    assertThat(facts.usagePresent()).isFalse();
    assertThat(facts.usage()).isNull();
    assertThat(facts.model()).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "0.000669,669000",
    "0,0",
    "1,1000000000",
    "1.5e-7,150",
    "0.123456789,123456789",
    "0.0000000004,0",
    "0.0000000005,1",
    "1e-999999999,",
    "1e999999999,",
    "1e99999999999,",
    "-0.1,",
    "1000001,",
    "'\"0.1\"',",
    "{},",
  })
  void reads_the_cost_in_nano_dollars(String cost, @Nullable Long nanos) {
    Usage usage = usage("\"prompt_tokens\":1,\"cost\":" + cost + ",\"completion_tokens\":1");

    assertThat(usage).isEqualTo(new Usage(1, 1, 0, 0, 0, nanos, false));
  }

  @Test
  void makes_the_neutral_record_of_an_answer() {
    CallResult result = Answers.result(bytes(ANSWER), Usage.estimate(3, 4), 1_230_000L);

    assertThat(result)
        .isEqualTo(
            new CallResult(
                "Hi \"usage\": {}",
                "gpt-4o-2024",
                3,
                4,
                new BigDecimal("0.00123"),
                ANSWER,
                "{\"content\":[]}"));
  }

  @Test
  void makes_the_neutral_record_of_an_answer_without_text_or_price() {
    String body = "{\"choices\":[{\"message\":{\"content\":null},\"logprobs\":null}]}";

    CallResult result = Answers.result(bytes(body), Usage.NONE, null);

    assertThat(result).isEqualTo(new CallResult("", "", 0, 0, null, body, null));
  }

  @Test
  void puts_content_in_parts_together() {
    String body = "{\"choices\":[{\"message\":{\"content\":[{\"text\":\"a\"},{\"text\":\"b\"}]}}]}";

    assertThat(Answers.result(bytes(body), Usage.NONE, 0L).content()).isEqualTo("ab");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "[\"secret\"]", "{\"secret\":1e99999999999}"})
  void makes_no_record_of_what_is_no_answer(String body) {
    assertThatThrownBy(() -> Answers.result(bytes(body), Usage.NONE, null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret")
        .hasNoCause();
  }
}
