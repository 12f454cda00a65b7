package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With {@code x-serai-validate: json} only answers of the format asked for go out. */
class ValidateTest {
  private static final String[] JSON = {"x-serai-validate", "json"};
  private static final String SCHEMA =
      """
      "response_format":{"type":"json_schema","json_schema":{"name":"tide","strict":true,"schema":\
      {"type":"object","properties":{"tide":{"type":"number"}},"required":["tide"],\
      "additionalProperties":false}}}\
      """;
  private static final String MODE = "\"response_format\":{\"type\":\"json_object\"}";
  private static final String GOOD = "{\"tide\":4.1}";
  private static final String BAD = "{\"tide\":\"high\"}";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());

  /** Never asked before. */
  private final String question = "question " + UUID.randomUUID();

  @Test
  void an_answer_of_the_schema_goes_out_as_it_is() {
    gateway.provider().next(Behaviour.answer(GOOD));

    Answer answer = gateway.chat(ask(question, SCHEMA), JSON);

    assertThat(answer.content()).isEqualTo(GOOD);
    assertThat(answer.header("x-serai-attempts")).isEqualTo("1");
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("settled");
  }

  @Test
  void the_model_is_told_what_is_wrong_and_asked_once_more() {
    gateway.provider().next(Behaviour.answer(BAD), Behaviour.answer(GOOD));

    Answer answer = gateway.chat(ask(question, SCHEMA), JSON);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content()).isEqualTo(GOOD);
    assertThat(answer.header("x-serai-attempts")).isEqualTo("2");
    JsonNode sent = gateway.provider().calls().get(1).json().path("messages");
    assertThat(sent).hasSize(3);
    assertThat(sent.get(0).path("content").asText()).isEqualTo(question);
    assertThat(sent.get(1).path("role").asText()).isEqualTo("assistant");
    assertThat(sent.get(1).path("content").asText()).isEqualTo(BAD);
    assertThat(sent.get(2).path("role").asText()).isEqualTo("user");
    assertThat(sent.get(2).path("content").asText()).contains("/tide", "string", "number");
  }

  @Test
  void both_attempts_are_paid() {
    gateway.provider().next(Behaviour.answer(BAD), Behaviour.answer(GOOD));

    Answer answer = gateway.chat(ask(question, SCHEMA), JSON);

    List<Call> calls = gateway.provider().calls();
    List<LedgerRow> rows = gateway.settledLedger(answer.requestId());
    assertThat(rows)
        .extracting(LedgerRow::outcome)
        .containsExactly("settled invalid_output", "settled");
    assertThat(rows)
        .extracting(LedgerRow::tokens)
        .containsExactly(calls.get(0).tokens(), calls.get(1).tokens());
    assertThat(rows).extracting(LedgerRow::costNanos).doesNotContainNull().doesNotContain(0L);
  }

  @Test
  void after_the_second_it_gives_up() {
    gateway.provider().byDefault(Behaviour.answer(BAD));

    Answer refused = gateway.chat(ask(question, SCHEMA), JSON);

    refused.isError(502, "invalid_output");
    assertThat(refused.text()).doesNotContain("high", question);
    assertThat(gateway.provider().calls()).hasSize(2);
    assertThat(gateway.second().calls()).isEmpty();
    assertThat(gateway.settledLedger(refused.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("settled invalid_output", "settled invalid_output");
  }

  @Test
  void what_is_not_valid_is_neither_kept_nor_remembered() {
    Talk talk = Talk.fresh(gateway);
    gateway.provider().next(Behaviour.answer(BAD), Behaviour.answer(BAD), Behaviour.answer(BAD));
    talk.ask(ask(question, SCHEMA), JSON).isError(502, "invalid_output");
    assertThat(talk.get().status()).isEqualTo(404);

    gateway.provider().next(Behaviour.answer(GOOD));
    Answer again = talk.say(ask(question, SCHEMA), JSON);

    assertThat(again.cache()).isEqualTo("miss");
    assertThat(talk.stored()).containsExactly("user " + question, "assistant " + GOOD);
    assertThat(Talk.fresh(gateway).say(ask(question, SCHEMA), JSON).cache()).isEqualTo("hit");
  }

  @Test
  void an_answer_that_nobody_checked_does_not_serve_who_wants_it_checked() {
    gateway.provider().next(Behaviour.answer(BAD), Behaviour.answer(GOOD));
    assertThat(gateway.chat(ask(question, SCHEMA)).content()).isEqualTo(BAD);

    Answer checked = gateway.chat(ask(question, SCHEMA), JSON);

    assertThat(checked.cache()).isEqualTo("miss");
    assertThat(checked.content()).isEqualTo(GOOD);
  }

  @Test
  void json_mode_wants_an_object() {
    gateway.provider().next(Behaviour.answer("[4.1]"), Behaviour.answer(BAD));

    Answer answer = gateway.chat(ask(question, MODE), JSON);

    assertThat(answer.content()).isEqualTo(BAD);
    assertThat(gateway.provider().calls()).hasSize(2);
  }

  @Test
  void a_tool_call_is_not_the_output() {
    gateway
        .provider()
        .next(
            Behaviour.message(
                """
                {"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function",\
                "function":{"name":"f","arguments":"{}"}}]}\
                """,
                "tool_calls"));

    assertThat(gateway.chat(ask(question, SCHEMA), JSON).header("x-serai-attempts")).isEqualTo("1");
  }

  @Test
  void a_stream_is_checked_before_any_of_it_goes_out() throws Exception {
    gateway
        .provider()
        .next(Behaviour.answer("{\"tide\": \"very high\"}"), Behaviour.answer("{\"tide\": 4.1}"));

    try (SseStream stream = gateway.stream(ask(question, STREAM + "," + SCHEMA), JSON)) {
      List<SseStream.Event> events = stream.rest();

      assertThat(stream.header("x-serai-attempts")).isEqualTo("2");
      assertThat(content(events)).isEqualTo("{\"tide\": 4.1}");
      assertThat(events.getLast().done()).isTrue();
      assertThat(events).hasSizeGreaterThan(3);
      List<Call> calls = gateway.provider().calls();
      assertThat(calls).allMatch(Call::streaming);
      List<LedgerRow> rows = gateway.settledLedger(stream.header("x-serai-request-id"));
      assertThat(rows)
          .extracting(LedgerRow::outcome)
          .containsExactly("settled invalid_output", "settled");
      assertThat(rows)
          .extracting(LedgerRow::tokens)
          .containsExactly(calls.get(0).tokens(), calls.get(1).tokens());
    }
  }

  @Test
  void a_stream_that_is_never_valid_is_an_error_and_no_stream() throws Exception {
    gateway.provider().byDefault(Behaviour.answer("It is high"));

    try (SseStream stream = gateway.stream(ask(question, STREAM + "," + SCHEMA), JSON)) {
      stream.whole().isError(502, "invalid_output");
    }
    assertThat(gateway.provider().calls()).hasSize(2);
  }

  @Test
  void a_stream_that_breaks_while_it_is_gathered_is_fetched_again() throws Exception {
    gateway.provider().next(Behaviour.cutMidStream(2), Behaviour.answer(GOOD));

    try (SseStream stream = gateway.stream(ask(question, STREAM + "," + SCHEMA), JSON)) {
      assertThat(content(stream.rest())).isEqualTo(GOOD);
      assertThat(gateway.settledLedger(stream.header("x-serai-request-id")))
          .extracting(LedgerRow::outcome)
          .containsExactly("failed network", "settled");
    }
  }

  @Test
  void a_checked_stream_serves_later_requests_and_is_remembered() throws Exception {
    gateway.provider().next(Behaviour.answer(GOOD));
    Talk talk = Talk.fresh(gateway);
    try (SseStream stream = talk.stream(ask(question, STREAM + "," + SCHEMA), JSON)) {
      stream.rest();
    }

    Answer whole = gateway.chat(ask(question, SCHEMA), JSON);

    assertThat(whole.cache()).isEqualTo("hit");
    assertThat(whole.content()).isEqualTo(GOOD);
    assertThat(talk.stored()).containsExactly("user " + question, "assistant " + GOOD);
  }

  @Test
  void a_stream_that_is_not_over_in_time_is_a_timeout_to_the_caller_and_in_the_ledger() {
    GatewayUnderTest hasty = GatewayUnderTest.shared(Map.of("serai.deadline", "1s"));
    hasty.chat(ask("to be warm for " + question));
    hasty.provider().byDefault(Behaviour.pacedStream(400, Duration.ofMillis(50)));

    Answer answer = hasty.chat(ask(question, STREAM + "," + SCHEMA), JSON);

    answer.isError(504, "provider_timeout");
    assertThat(hasty.settledLedger(answer.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("failed timeout");
  }

  @Test
  void identical_requests_in_flight_are_corrected_together() throws Exception {
    gateway
        .provider()
        .next(Behaviour.slow(Duration.ofMillis(500), Behaviour.answer(BAD)))
        .byDefault(Behaviour.answer(GOOD));

    List<Answer> answers =
        Together.run(
            4, i -> gateway.chat(ask(question, i % 2 == 0 ? SCHEMA : SCHEMA + "," + STREAM), JSON));

    assertThat(answers).extracting(Answer::status).containsOnly(200);
    assertThat(gateway.provider().calls()).hasSize(2);
  }

  @Test
  void without_the_header_nothing_is_checked() {
    gateway.provider().next(Behaviour.answer(BAD));

    assertThat(gateway.chat(ask(question, SCHEMA)).content()).isEqualTo(BAD);
  }

  @ParameterizedTest
  @ValueSource(strings = {"xml", "true", "json,strict"})
  void a_wish_that_is_not_known_is_refused(String wish) {
    gateway
        .chat(ask(question, SCHEMA), "x-serai-validate", wish)
        .isError(400, "invalid_request_error");

    assertThat(gateway.provider().calls()).isEmpty();
  }

  @Test
  void a_schema_that_is_none_is_refused_before_anything_is_sent() {
    String schemas = gateway.second().baseUrl() + "/schema.json";
    for (String schema :
        List.of("{\"type\":\"strin\"}", "{\"pattern\":\"(\"}", "{\"$ref\":\"" + schemas + "\"}")) {
      String format =
          "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"x\",\"schema\":"
              + schema
              + "}}";
      Answer refused = gateway.chat(ask(question, format), JSON);

      refused.isError(400, "invalid_value");
      assertThat(gateway.ledger(refused.requestId())).isEmpty();
    }
    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(gateway.second().calls()).as("nothing is fetched").isEmpty();
  }

  private static String content(List<SseStream.Event> events) {
    return events.stream()
        .filter(event -> !event.comment() && !event.done())
        .map(SseStream.Event::content)
        .collect(Collectors.joining());
  }
}
