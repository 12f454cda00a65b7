package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.StreamChunk;
import dev.serai.chat.Usage;
import dev.serai.dialect.EventFacts.Kind;
import java.math.BigDecimal;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamEventsTest {

  private static final String CONTENT =
      "data: {\"model\":\"m1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hi\"},"
          + "\"finish_reason\":null}],\"usage\":null,\"error\":null}\n\n";
  private static final String USAGE =
      "data: {\"choices\":[],\"x_groq\":{\"usage\":{\"prompt_tokens\":9}},"
          + "\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":100}}\n\n";

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static EventFacts facts(String event) {
    return EventFacts.of(bytes(event));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {": ping\n\n", "\n", "id: 1\n\n", "", "event: ping\n\n", "retry: 1\r\n\r\n"})
  void an_event_without_data_is_a_comment(String event) {
    assertThat(facts(event).kind()).isEqualTo(Kind.COMMENT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: [DONE]\n\n",
        "data:[DONE]\r\n\r\n",
        ": x\rdata: [DONE]\r\r",
        "\uFEFFdata: [DONE]\n\n",
        "data: [DONE] \n\n",
        "data: [DONE]"
      })
  void knows_the_end_of_the_stream(String event) {
    assertThat(facts(event).kind()).isEqualTo(Kind.DONE);
  }

  @Test
  void a_delta_is_content() {
    EventFacts facts = facts(CONTENT);

    assertThat(facts.kind()).isEqualTo(Kind.DATA);
    assertThat(facts.hasContent()).isTrue();
    assertThat(facts.finishReasons()).isEmpty();
    assertThat(facts.usage()).isNull();
    assertThat(facts.usageOnly()).isFalse();
    assertThat(facts.error()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "data: \n\n",
        "data\n\n",
        "data: hello\n\n",
        "data: {\"id\":\"x\"}\n\n",
        "data: {\"usage\"\n\n",
        "data: {\"usage\":\n\n",
        "data: {\"usage\":{\n\n",
        "data: [\"delta\",\"usage\",\"error\"]\n\n"
      })
  void other_data_is_just_data(String event) {
    EventFacts facts = facts(event);

    assertThat(facts.kind()).isEqualTo(Kind.DATA);
    assertThat(facts.hasContent()).isFalse();
    assertThat(facts.usage()).isNull();
  }

  @Test
  void reads_the_usage_chunk() {
    EventFacts facts = facts(USAGE);

    assertThat(facts.usage()).isEqualTo(new Usage(12, 100, 0, 0, 0, null, false));
    assertThat(facts.usageOnly()).isTrue();
    assertThat(facts.hasContent()).isFalse();
  }

  @Test
  void a_chunk_with_usage_and_a_choice_is_not_only_usage() {
    EventFacts facts =
        facts(
            """
            data:{"choices":[{"delta":{"content":""},"finish_reason" : "stop"}],
            data: "usage" : {"prompt_tokens":1,"completion_tokens":2}}

            """);

    assertThat(facts.usage()).isEqualTo(new Usage(1, 2, 0, 0, 0, null, false));
    assertThat(facts.usageOnly()).isFalse();
    assertThat(facts.hasContent()).isTrue();
    assertThat(facts.finishReasons()).containsExactly("stop");
  }

  @Test
  void a_usage_that_cannot_be_trusted_is_still_only_usage() {
    EventFacts facts = facts("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":-1}}\n\n");

    assertThat(facts.usage()).isNull();
    assertThat(facts.usageOnly()).isTrue();
  }

  @Test
  void words_inside_the_content_mislead_nobody() {
    EventFacts facts =
        facts(
            "data: {\"choices\":[{\"delta\":{\"content\":\"\\\"error\\\": {} \\\"usage\\\": {} "
                + "\\\"finish_reason\\\": 1\"}}]}\n\n");

    assertThat(facts).isEqualTo(facts(CONTENT));
  }

  @Test
  void reads_an_error_in_the_data() {
    EventFacts facts =
        facts(
            "data: {\"error\":{\"code\":503,\"message\":\"m\"},\"choices\":[{\"delta\":{},"
                + "\"finish_reason\":\"error\"}]}\n\n");

    assertThat(facts.kind()).isEqualTo(Kind.ERROR);
    assertThat(facts.error()).isEqualTo(new ProviderError(503, "m", null, null, "503", true));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "event: error~~ |",
        "event: error~data: boom~~ |",
        "event:error~data: {\"message\":\"m\"}~~ | m",
        "data: {\"error\":\"m\"}~event: error~~ | m",
        "data: {\"error\":\"m\"}~~ | m"
      })
  void reads_an_event_called_error(String event, @Nullable String message) {
    EventFacts facts = facts(event.replace('~', '\n'));

    assertThat(facts.kind()).isEqualTo(Kind.ERROR);
    assertThat(facts.error()).isEqualTo(new ProviderError(200, message, null, null, null, false));
  }

  @Test
  void reads_the_model() {
    assertThat(StreamEvents.facts(bytes(CONTENT))).extracting(AnswerFacts::model).isEqualTo("m1");
    assertThat(StreamEvents.facts(bytes(": x\n\n"))).isNull();
  }

  @Test
  void makes_the_neutral_record_of_a_chunk() {
    String data = CONTENT.substring(6).strip();

    assertThat(StreamEvents.chunk(bytes(CONTENT))).isEqualTo(new StreamChunk("Hi", -1, data));
  }

  @Test
  void the_neutral_record_holds_the_first_choice_and_the_tokens() {
    StreamChunk chunk =
        StreamEvents.chunk(
            bytes(
                "data: {\"choices\":[{\"delta\":{\"content\":\"b\",\"reasoning\":\"r\","
                    + "\"tool_calls\":[{}]},\"index\":1},{\"delta\":{\"content\":\"a\","
                    + "\"refusal\":\"no\",\"x\":1},\"index\":0,\"y\":{}},7],"
                    + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}\n\n"));

    assertThat(chunk.content()).isEqualTo("a");
    assertThat(chunk.tokensOutput()).isEqualTo(2);
  }

  @Test
  void the_neutral_record_of_a_comment_is_empty() {
    assertThat(StreamEvents.chunk(bytes(": x\n\n"))).isEqualTo(new StreamChunk("", -1, ""));
  }

  @Test
  void gathers_everything_that_was_generated() {
    StringBuilder text = new StringBuilder("<");

    StreamEvents.countableText(
        bytes(
            "data: {\"choices\":[{\"index\":1,\"delta\":{\"role\":\"assistant\",\"content\":\"a\","
                + "\"reasoning\":\"b\",\"reasoning_content\":\"b\",\"refusal\":\"c\","
                + "\"tool_calls\":"
                + "[{\"id\":\"i\",\"function\":{\"name\":\"d\",\"arguments\":\"e\"}}],"
                + "\"function_call\":{\"arguments\":\"f\"}}}]}\n\n"),
        text);
    StreamEvents.countableText(bytes(": x\n\n"), text);
    StreamEvents.countableText(
        bytes("data: {\"choices\":[{\"delta\":{\"content\":\"cut\n\n"), text);

    assertThat(text).hasToString("<abcdef");
  }

  @Test
  void gathers_content_in_parts() {
    StringBuilder text = new StringBuilder();

    StreamEvents.countableText(
        bytes("data: {\"choices\":[{\"delta\":{\"content\":[{\"text\":\"a\"}]}}]}\n\n"), text);

    assertThat(text).hasToString("a");
  }

  @Test
  void puts_the_cost_into_the_usage_and_leaves_the_rest() {
    byte[] changed = StreamEvents.withCost(bytes(USAGE), new BigDecimal("1.2E-7"));

    assertThat(changed)
        .asString(UTF_8)
        .isEqualTo(
            USAGE.replace("{\"prompt_tokens\":12", "{\"cost\":0.00000012,\"prompt_tokens\":12"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "data: {\"usage\":{}}~~ | data: {\"usage\":{\"cost\":null}}~~",
        "data: {\"usage\":{\"a\":{},\"cost\": null,\"b\":1}}~~ |"
            + " data: {\"usage\":{\"a\":{},\"cost\":null,\"b\":1}}~~",
        "data: {\"usage\":{\"cost\":0.5}}~~ | data: {\"usage\":{\"cost\":0.5}}~~",
        "data: {\"usage\":null}~~ | data: {\"usage\":null}~~",
        "data: {\"usage\":{\"a\"~~ | data: {\"usage\":{\"a\"~~",
        "data: [1]~~ | data: [1]~~",
        ": x~~ | : x~~",
        ": é~data:{\"usage\":{ }}~~ | : é~data:{\"usage\":{\"cost\":null }}~~",
        "data: {\"usage\":{~data: \"a\":1}}~~ | data: {\"usage\":{\"cost\":null,~data: \"a\":1}}~~",
      })
  void says_null_for_an_unknown_price_and_keeps_the_providers_cost(String event, String changed) {
    assertThat(StreamEvents.withCost(bytes(event.replace('~', '\n')), null))
        .asString(UTF_8)
        .isEqualTo(changed.replace('~', '\n'));
  }

  @Test
  void throws_nothing_whatever_arrives() {
    Random random = new Random(5);
    for (int round = 0; round < 20_000; round++) {
      byte[] event = bytes(round % 2 == 0 ? CONTENT : USAGE);
      event[random.nextInt(event.length)] = (byte) random.nextInt(256);
      event[random.nextInt(event.length)] = (byte) "\n\r{}[]\",:0".charAt(random.nextInt(10));
      assertThat(EventFacts.of(event)).isNotNull();
      assertThat(StreamEvents.chunk(event)).isNotNull();
      assertThat(StreamEvents.withCost(event, BigDecimal.ONE)).isNotNull();
    }
  }
}
