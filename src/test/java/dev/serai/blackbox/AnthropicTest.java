package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.Cassette;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Messages;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that speaks OpenAI's API, and a provider that speaks Anthropic's. */
class AnthropicTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  /** In nano-dollars: 70 input, 330 read, 40 + 60 written, 25 output, by Haiku 4.5's prices. */
  private static final long COST = 70 * 1000 + 330 * 100 + 40 * 1250 + 60 * 2000 + 25 * 5000;

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(GatewayUnderTest.ANTHROPIC);
  private final FakeProvider anthropic = gateway.second();

  private static String ask(String... fields) {
    return "{\"model\":\"anthropic/claude-haiku-4-5\"," + String.join(",", fields) + "}";
  }

  private Answer chat(String... fields) {
    return gateway.chat(ask(fields), "x-serai-cache", "no-store");
  }

  private SseStream stream(String... fields) {
    return gateway.stream(
        ask("\"stream\":true", String.join(",", fields)), "x-serai-cache", "no-store");
  }

  private LedgerRow row(String requestId) {
    List<LedgerRow> rows = gateway.settledLedger(requestId);
    assertThat(rows).hasSize(1);
    return rows.getFirst();
  }

  private static String text(List<SseStream.Event> events, String field) {
    StringBuilder text = new StringBuilder();
    for (SseStream.Event event : events) {
      text.append(Cassette.data(event.bytes()).at("/choices/0/delta/" + field).asText(""));
    }
    return text.toString();
  }

  private static String finish(List<SseStream.Event> events) {
    return events.stream()
        .map(event -> Cassette.data(event.bytes()).at("/choices/0/finish_reason").asText(""))
        .filter(reason -> !reason.isEmpty() && !reason.equals("null"))
        .reduce("", String::concat);
  }

  @Test
  void is_asked_in_its_own_words_with_its_own_headers() {
    anthropic.next(Messages.answer("hello"));

    Answer answer = chat(HI);

    Call call = anthropic.calls().getFirst();
    assertThat(call.path()).isEqualTo("/v1/messages");
    assertThat(call.header("x-api-key")).isEqualTo(GatewayUnderTest.PROVIDER_KEY);
    assertThat(call.header("anthropic-version")).isEqualTo("2023-06-01");
    assertThat(call.header("authorization")).isEmpty();
    assertThat(call.json().path("model").asText()).isEqualTo("claude-haiku-4-5");
    assertThat(call.json().path("max_tokens").asInt()).as("the model's maximum").isEqualTo(64000);
    assertThat(answer.content()).isEqualTo("hello");
    assertThat(answer.header("x-serai-target")).isEqualTo("anthropic");
    assertThat(answer.header("x-serai-cost-usd")).isEqualTo("0.000398");
  }

  @Test
  void usage_and_cost_have_what_was_cached_in_them() {
    anthropic.next(Messages.answer("hello"));

    Answer answer = chat(HI);

    JsonNode usage = answer.json().path("usage");
    assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(500);
    assertThat(usage.at("/prompt_tokens_details/cached_tokens").asInt()).isEqualTo(330);
    assertThat(usage.at("/prompt_tokens_details/cache_write_tokens").asInt()).isEqualTo(100);
    LedgerRow row = row(answer.requestId());
    assertThat(row.outcome()).isEqualTo("settled");
    assertThat(row.tokens()).isEqualTo(Messages.TOKENS);
    assertThat(row.costNanos()).isEqualTo(COST);
    assertThat(row.costState()).isEqualTo("priced");
  }

  @Test
  void streams_word_by_word_to_the_usage() throws IOException {
    anthropic.next(Messages.answer("one two three"));

    try (SseStream stream = stream(HI, "\"stream_options\":{\"include_usage\":true}")) {
      List<SseStream.Event> events = stream.rest();

      assertThat(text(events, "content")).isEqualTo("one two three");
      assertThat(events.stream().filter(event -> event.text().contains("\"content\":\"t")))
          .as("a chunk for each word")
          .hasSize(2);
      assertThat(finish(events)).isEqualTo("stop");
      assertThat(events.getLast().done()).isTrue();
      JsonNode usage = Cassette.data(events.get(events.size() - 2).bytes()).path("usage");
      assertThat(usage.path("total_tokens").asInt()).isEqualTo(525);
      assertThat(usage.path("cost").decimalValue()).isEqualByComparingTo("0.000398");
      LedgerRow row = row(stream.header("x-serai-request-id"));
      assertThat(row.tokens()).isEqualTo(Messages.TOKENS);
      assertThat(row.costNanos()).isEqualTo(COST);
    }
  }

  @Test
  void a_client_that_did_not_ask_for_usage_gets_none() throws IOException {
    anthropic.next(Messages.answer("one"));

    try (SseStream stream = stream(HI)) {
      assertThat(stream.rest()).noneMatch(event -> event.text().contains("usage"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tool_calls_come_as_openais(boolean streamed) throws IOException {
    anthropic.next(
        Messages.blocks(
            "tool_use",
            "{\"type\":\"tool_use\",\"id\":\"t1\",\"name\":\"road\",\"input\":{\"to\":\"Sivas\"}}",
            "{\"type\":\"tool_use\",\"id\":\"t2\",\"name\":\"road\",\"input\":{\"to\":\"Tokat\"}}"));
    String tools = "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"road\"}}]";

    JsonNode choice = choice(streamed, HI, tools);

    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(choice.at("/message/tool_calls/0/id").asText()).isEqualTo("t1");
    assertThat(choice.at("/message/tool_calls/1/function/name").asText()).isEqualTo("road");
    assertThat(choice.at("/message/tool_calls/1/function/arguments").asText())
        .isEqualTo("{\"to\":\"Tokat\"}");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_answer_in_json_looks_the_same_as_any_other(boolean streamed) throws IOException {
    anthropic.next(
        Messages.blocks(
            "tool_use",
            "{\"type\":\"tool_use\",\"id\":\"t\",\"name\":\"answer_in_json\","
                + "\"input\":{\"inns\":3}}"));

    JsonNode choice = choice(streamed, HI, "\"response_format\":{\"type\":\"json_object\"}");

    assertThat(choice.at("/message/content").asText()).isEqualTo("{\"inns\":3}");
    assertThat(choice.at("/message").has("tool_calls")).isFalse();
    assertThat(choice.path("finish_reason").asText()).isEqualTo("stop");
    assertThat(anthropic.calls().getFirst().json().at("/tool_choice/name").asText())
        .isEqualTo("answer_in_json");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thoughts_come_as_reasoning_content(boolean streamed) throws IOException {
    anthropic.next(
        Messages.blocks(
            "end_turn",
            "{\"type\":\"thinking\",\"thinking\":\"because\",\"signature\":\"s\"}",
            "{\"type\":\"text\",\"text\":\"so\"}"));

    JsonNode choice = choice(streamed, HI, "\"reasoning_effort\":\"low\",\"max_tokens\":8000");

    assertThat(choice.at("/message/content").asText()).isEqualTo("so");
    assertThat(choice.at("/message/reasoning_content").asText()).isEqualTo("because");
    assertThat(choice.at("/message/reasoning_details/0/signature").asText()).isEqualTo("s");
    assertThat(anthropic.calls().getFirst().json().at("/thinking/budget_tokens").asInt())
        .isEqualTo(1600);
  }

  private JsonNode choice(boolean streamed, String... fields) throws IOException {
    if (!streamed) {
      return chat(fields).json().at("/choices/0");
    }
    try (SseStream stream = stream(fields)) {
      return Streamed.choice(stream.rest());
    }
  }

  @Test
  void a_stream_is_cached_and_given_again() throws IOException {
    anthropic.byDefault(Messages.answer("kept for later"));
    String asked = ask(HI, "\"stream\":true", "\"temperature\":0.25");
    gateway.stream(asked).rest();
    Answer again = gateway.chat(ask(HI, "\"temperature\":0.25"));

    assertThat(again.cache()).isEqualTo("hit");
    assertThat(again.content()).isEqualTo("kept for later");
    assertThat(anthropic.calls()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\",\"format\":\"wav\"}}|audio",
        "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/tiff;base64,AAAA\"}}|JPEG"
      })
  void what_claude_cannot_read_is_refused_before_anything_is_sent(String part, String remedy) {
    Answer answer = chat("\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]");

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().at("/error/message").asText()).contains(remedy);
    assertThat(answer.json().at("/error/param").asText()).startsWith("messages[0].content[0]");
    assertThat(anthropic.calls()).isEmpty();
    assertThat(row(answer.requestId()).outcome()).isEqualTo("not_sent unsuited");
    assertThat(row(answer.requestId()).costNanos()).isZero();
  }

  @Test
  void what_claude_cannot_read_goes_to_the_roles_next_target() {
    String audio = "{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"AA==\"}}";

    Answer answer =
        gateway.chat(
            "{\"model\":\"claude-first\",\"messages\":[{\"role\":\"user\",\"content\":["
                + audio
                + "]}]}",
            "x-serai-cache",
            "no-store");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-serai-target")).isEqualTo("openai");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("2");
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("not_sent unsuited", "settled");
  }

  @Test
  void a_role_gives_its_temperature_and_the_length_of_its_answers() {
    anthropic.next(Messages.answer("hello"));

    gateway.chat("{\"model\":\"claude-first\"," + HI + "}", "x-serai-cache", "no-store");

    JsonNode sent = anthropic.calls().getFirst().json();
    assertThat(sent.path("max_tokens").asInt()).isEqualTo(700);
    assertThat(sent.path("temperature").decimalValue()).isEqualByComparingTo("0.1");
  }

  @Test
  void a_refusal_says_what_anthropic_says() {
    anthropic.next(Messages.error(400, "invalid_request_error", "top_k: must be positive"));

    Answer answer = chat(HI, "\"top_k\":-1");

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().at("/error/message").asText()).isEqualTo("top_k: must be positive");
    assertThat(row(answer.requestId()).outcome()).isEqualTo("failed refused");
  }

  @ParameterizedTest
  @CsvSource({
    "401, authentication_error, 502, provider_error, failed invalid_key",
    "403, permission_error, 502, provider_error, failed invalid_key",
    "404, not_found_error, 404, not_found_error, failed not_found",
    "413, request_too_large, 413, request_too_large, failed refused"
  })
  void errors_mean_what_openais_mean(
      int status, String type, int told, String code, String outcome) {
    anthropic.byDefault(Messages.error(status, type, "No"));

    Answer answer = chat(HI);

    answer.isError(told, code);
    assertThat(answer.text()).doesNotContain(GatewayUnderTest.PROVIDER_KEY);
    assertThat(row(answer.requestId()).outcome()).isEqualTo(outcome);
  }

  @Test
  void an_empty_account_is_not_the_callers_mistake() {
    anthropic.byDefault(
        Messages.error(400, "invalid_request_error", "Your credit balance is too low to go on."));

    chat(HI).isError(402, "insufficient_quota");
  }

  @Test
  void an_overloaded_provider_is_asked_again() {
    anthropic.next(
        Messages.error(529, "overloaded_error", "Overloaded"), Messages.answer("at last"));

    Answer answer = chat(HI);

    assertThat(answer.content()).isEqualTo("at last");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("2");
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("failed server_error", "settled");
  }

  @Test
  void a_rate_limit_is_waited_out() {
    anthropic.next(Messages.rateLimited(1), Messages.answer("at last"));

    Answer answer = chat(HI);

    assertThat(answer.content()).isEqualTo("at last");
    List<Call> calls = anthropic.calls();
    assertThat(calls.get(1).arrivedNanos() - calls.get(0).arrivedNanos())
        .isGreaterThanOrEqualTo(Duration.ofSeconds(1).toNanos());
  }

  @Test
  void a_stream_that_is_overloaded_before_its_first_word_is_asked_for_again() throws IOException {
    anthropic.next(Messages.failsInStream(0, "overloaded_error"), Messages.answer("at last"));

    try (SseStream stream = stream(HI)) {
      assertThat(stream.status()).isEqualTo(200);
      assertThat(stream.header("x-serai-attempts")).isEqualTo("2");
      assertThat(text(stream.rest(), "content")).isEqualTo("at last");
    }
  }

  @Test
  void a_stream_that_is_overloaded_later_ends_with_an_error() throws IOException {
    anthropic.next(Messages.failsInStream(2, "overloaded_error"));

    try (SseStream stream = stream(HI)) {
      List<SseStream.Event> events = stream.rest();

      assertThat(text(events, "content")).isEqualTo("tick tick ");
      assertThat(events.getLast().error()).isEqualTo("provider_error");
      assertThat(row(stream.header("x-serai-request-id")).outcome())
          .isEqualTo("failed server_error");
    }
  }

  @Test
  void a_stream_that_is_cut_delivers_what_came_and_is_charged_by_estimate() throws IOException {
    anthropic.next(Messages.cutMidStream(3));

    try (SseStream stream = stream(HI)) {
      List<SseStream.Event> events = stream.rest();

      assertThat(text(events, "content")).isEqualTo("tick tick tick ");
      assertThat(events.getLast().error()).isEqualTo("provider_error");
      LedgerRow row = row(stream.header("x-serai-request-id"));
      assertThat(row.outcome()).isEqualTo("failed network");
      assertThat(row.costState()).isEqualTo("estimated");
      assertThat(row.tokens()).isNotEqualTo(new Tokens(0, 0, 0, 0));
    }
  }

  @Test
  void the_provider_stops_when_the_client_leaves() throws IOException {
    anthropic.next(Messages.paced(1000, Duration.ofMillis(20)));

    String requestId;
    try (SseStream stream = stream(HI)) {
      requestId = stream.header("x-serai-request-id");
      for (int i = 0; i < 5; i++) {
        stream.nextData();
      }
    }

    Call call = anthropic.calls().getFirst();
    await().atMost(Duration.ofSeconds(10)).until(call::clientLeft);
    assertThat(call.eventsWhenClientLeft()).isLessThan(100);
    assertThat(row(requestId).outcome()).isEqualTo("settled client_gone");
  }

  @Test
  void what_is_no_message_is_no_answer() {
    anthropic.byDefault(
        reply ->
            reply.whole(
                200, Map.of("Content-Type", "application/json"), "{\"ok\":true}".getBytes(UTF_8)));

    chat(HI).isError(502, "provider_error");
  }

  @Test
  void a_server_that_stays_down_is_the_providers_fault() {
    anthropic.byDefault(Behaviour.status(500));

    chat(HI).isError(502, "provider_error");
    assertThat(anthropic.calls()).as("asked again like any other").hasSize(4);
  }
}
