package dev.serai.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.Json;
import dev.serai.dialect.StreamAssembler;
import dev.serai.dialect.StreamEvents;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesEventsTest {
  private static final String START =
      """
      {"type":"message_start","message":{"id":"msg_1","model":"claude-1","content":[],
       "usage":{"input_tokens":10,"cache_creation_input_tokens":40,"cache_read_input_tokens":300,
       "cache_creation":{"ephemeral_1h_input_tokens":25},"output_tokens":1}}}\
      """;
  private static final String STOP = "{\"type\":\"message_stop\"}";

  private static String begin(int index, String block) {
    return "{\"type\":\"content_block_start\",\"index\":%d,\"content_block\":%s}"
        .formatted(index, block);
  }

  private static String delta(int index, String delta) {
    return "{\"type\":\"content_block_delta\",\"index\":%d,\"delta\":%s}".formatted(index, delta);
  }

  private static String stop(int index) {
    return "{\"type\":\"content_block_stop\",\"index\":%d}".formatted(index);
  }

  private static String end(String reason) {
    return "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"%s\"},".formatted(reason)
        + "\"usage\":{\"output_tokens\":20}}";
  }

  private static List<byte[]> told(@Nullable String answerTool, String... events) {
    MessagesEvents messages = new MessagesEvents(answerTool, 7);
    Queue<byte[]> out = new ArrayDeque<>();
    for (String json : events) {
      String data = json.replace("\n", "");
      messages.event(("event: x\ndata: " + data + "\n\n").getBytes(UTF_8), out);
    }
    return new ArrayList<>(out);
  }

  private static JsonNode whole(List<byte[]> events) {
    byte[] json = StreamAssembler.whole(events);
    return Objects.requireNonNull(Json.tree(json, 0, json.length));
  }

  private static List<String> deltas(List<byte[]> events) {
    return events.stream()
        .map(StreamEvents::json)
        .filter(json -> json != null && json.at("/choices/0").isObject())
        .map(json -> Objects.requireNonNull(json).at("/choices/0/delta").toString())
        .toList();
  }

  @Test
  void text_comes_piece_by_piece_between_role_and_end() {
    List<byte[]> told =
        told(
            null,
            START,
            begin(0, "{\"type\":\"text\",\"text\":\"\"}"),
            delta(0, "{\"type\":\"text_delta\",\"text\":\"one \"}"),
            delta(0, "{\"type\":\"text_delta\",\"text\":\"two\"}"),
            stop(0),
            end("end_turn"),
            STOP);

    assertThat(deltas(told))
        .containsExactly(
            "{\"role\":\"assistant\",\"content\":\"\"}",
            "{\"content\":\"one \"}",
            "{\"content\":\"two\"}",
            "{}");
    assertThat(EventFacts.of(told.get(3)).finishReasons()).containsExactly("stop");
    assertThat(EventFacts.of(told.get(4)).usageOnly()).isTrue();
    assertThat(EventFacts.of(told.get(4)).usage())
        .isEqualTo(new Usage(350, 20, 300, 40, 25, 0, null, false));
    assertThat(EventFacts.of(told.get(5)).kind()).isEqualTo(EventFacts.Kind.DONE);
    assertThat(told).hasSize(6);
    assertThat(StreamEvents.facts(told.getFirst()))
        .extracting(AnswerFacts::model)
        .isEqualTo("claude-1");
  }

  @Test
  void nothing_goes_out_before_there_is_content() {
    assertThat(told(null, START, begin(0, "{\"type\":\"text\",\"text\":\"\"}"))).isEmpty();
  }

  @Test
  void a_ping_is_a_comment() {
    assertThat(told(null, START, "{\"type\":\"ping\"}"))
        .singleElement()
        .satisfies(
            ping -> assertThat(EventFacts.of(ping).kind()).isEqualTo(EventFacts.Kind.COMMENT));
  }

  @Test
  void tool_calls_are_numbered_and_their_arguments_put_together() {
    List<byte[]> told =
        told(
            null,
            START,
            begin(0, "{\"type\":\"text\",\"text\":\"wait\"}"),
            stop(0),
            begin(1, "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"f\",\"input\":{}}"),
            delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"\"}"),
            delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\"\"}"),
            delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\": 1}\"}"),
            stop(1),
            begin(2, "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"g\",\"input\":{}}"),
            stop(2),
            end("tool_use"),
            STOP);

    assertThat(deltas(told).get(2))
        .isEqualTo(
            "{\"tool_calls\":[{\"index\":0,\"id\":\"t1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}");
    JsonNode choice = whole(told).at("/choices/0");
    assertThat(choice.at("/message/content").asText()).isEqualTo("wait");
    assertThat(choice.at("/message/tool_calls/0/function/arguments").asText())
        .isEqualTo("{\"a\": 1}");
    assertThat(choice.at("/message/tool_calls/1/id").asText()).isEqualTo("t2");
    assertThat(choice.at("/message/tool_calls/1/function/arguments").asText()).isEqualTo("{}");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void reasoning_comes_apart_from_the_answer_and_can_be_sent_back() {
    JsonNode message =
        whole(
                told(
                    null,
                    START,
                    begin(0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}"),
                    delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"be\"}"),
                    delta(0, "{\"type\":\"thinking_delta\",\"thinking\":\"cause\"}"),
                    delta(0, "{\"type\":\"signature_delta\",\"signature\":\"s\"}"),
                    stop(0),
                    begin(1, "{\"type\":\"redacted_thinking\",\"data\":\"d\"}"),
                    stop(1),
                    begin(2, "{\"type\":\"text\",\"text\":\"so\"}"),
                    end("end_turn"),
                    STOP))
            .at("/choices/0/message");

    assertThat(message.path("content").asText()).isEqualTo("so");
    assertThat(message.path("reasoning_content").asText()).isEqualTo("because");
    assertThat(message.path("reasoning_details"))
        .hasToString(
            "[{\"type\":\"reasoning.text\",\"text\":\"because\",\"index\":0,\"signature\":\"s\"},"
                + "{\"type\":\"reasoning.encrypted\",\"data\":\"d\",\"index\":1}]");
  }

  @Test
  void an_answer_in_json_is_streamed_like_any_other() {
    List<byte[]> told =
        told(
            "json",
            START,
            begin(0, "{\"type\":\"text\",\"text\":\"Here it is\"}"),
            stop(0),
            begin(1, "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"json\",\"input\":{}}"),
            delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"a\\\":\"}"),
            delta(1, "{\"type\":\"input_json_delta\",\"partial_json\":\"1}\"}"),
            stop(1),
            end("tool_use"),
            STOP);

    assertThat(deltas(told))
        .containsExactly(
            "{\"role\":\"assistant\",\"content\":\"\"}",
            "{\"content\":\"{\\\"a\\\":\"}",
            "{\"content\":\"1}\"}",
            "{}");
    assertThat(whole(told).at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void what_is_said_in_place_of_json_is_not_lost() {
    List<byte[]> told =
        told("json", START, begin(0, "{\"type\":\"text\",\"text\":\"I may not\"}"), end("refusal"));

    JsonNode choice = whole(told).at("/choices/0");
    assertThat(choice.at("/message/content").asText()).isEqualTo("I may not");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("content_filter");
  }

  @Test
  void an_answer_without_content_still_begins_and_ends() {
    assertThat(deltas(told(null, START, end("end_turn"), STOP)))
        .containsExactly("{\"role\":\"assistant\",\"content\":\"\"}", "{}");
  }

  @ParameterizedTest
  @CsvSource({
    "overloaded_error, 529",
    "api_error, 500",
    "rate_limit_error, 429",
    "invalid_request_error, 400",
    "authentication_error, 401",
    "permission_error, 403",
    "not_found_error, 404",
    "request_too_large, 413",
    "billing_error, 402",
    "timeout_error, 504",
    "brand_new_error, 500"
  })
  void an_error_has_the_status_that_it_would_have_had(String type, int status) {
    EventFacts facts =
        EventFacts.of(
            told(
                    null,
                    START,
                    "{\"type\":\"error\",\"error\":{\"type\":\"" + type + "\",\"message\":\"m\"}}")
                .getFirst());

    assertThat(facts.kind()).isEqualTo(EventFacts.Kind.ERROR);
    assertThat(Objects.requireNonNull(facts.error()).status()).isEqualTo(status);
  }

  @Test
  void what_cannot_be_read_is_an_error_and_what_is_not_known_is_nothing() {
    assertThat(told(null, "{\"type\":\"brand_new\"}")).isEmpty();
    assertThat(EventFacts.of(told(null, "{\"type\":").getFirst()).kind())
        .isEqualTo(EventFacts.Kind.ERROR);
  }

  @Test
  void usage_that_is_missing_is_left_out() {
    List<byte[]> told =
        told(
            null,
            "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"c\"}}",
            end("end_turn"),
            STOP);

    assertThat(AnswerFacts.read(StreamAssembler.whole(told)).usagePresent()).isFalse();
  }
}
