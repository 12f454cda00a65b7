package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.Tokens;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What is particular about OpenRouter. */
@ExtendWith(OutputCaptureExtension.class)
class OpenRouterTest {
  private static final String MODEL = "openrouter/anthropic/claude-sonnet-4";
  private static final String ROUTING =
      "\"provider\":{ \"order\":[\"Hearth\"],"
          + " \"allow_fallbacks\":false,\"max_price\":{\"prompt\":1.0}}"
          + ",\"models\":[\"anthropic/claude-sonnet-4\",\"x-ai/grok-9\"]"
          + ",\"transforms\":[\"middle-out\"],\"route\":\"fallback\"";

  private final GatewayUnderTest gateway = Operated.gateway();

  private static String ask(String fields) {
    return "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
        .formatted(MODEL, fields.isEmpty() ? "" : fields + ",");
  }

  /** 1,000 prompt tokens, of which 400 from the cache, and 100 of completion: USD 0.00342. */
  private static String answer(String cost) {
    return """
    {"id":"gen-1","provider":"Hearth","model":"anthropic/claude-sonnet-4","object":\
    "chat.completion","choices":[{"index":0,"finish_reason":"stop","native_finish_reason":"stop",\
    "message":{"role":"assistant","content":"hello"}}],"usage":{"prompt_tokens":1000,\
    "completion_tokens":100,"total_tokens":1100,"cost":%s,\
    "prompt_tokens_details":{"cached_tokens":400}}}\
    """
        .formatted(cost);
  }

  @Test
  void routing_fields_go_through_byte_for_byte() {
    gateway.chat(ask(ROUTING));

    String sent = new String(call().body(), StandardCharsets.UTF_8);
    assertThat(sent).contains(ROUTING);
    assertThat(call().json().path("model").asText()).isEqualTo("anthropic/claude-sonnet-4");
  }

  @Test
  void it_is_told_the_application_where_that_has_a_name_and_nobody_else_is() {
    gateway.chat(ask(""));
    gateway.chat(GatewayUnderTest.ask("to openai"));

    assertThat(call().header("http-referer")).isEqualTo("https://inn.example");
    assertThat(call().header("x-title")).isEqualTo("Inn at the crossroads");
    assertThat(gateway.provider().calls().getFirst().headers())
        .doesNotContainKeys("http-referer", "x-title");
  }

  @Test
  void it_is_told_nothing_where_the_application_has_no_name() {
    GatewayUnderTest nameless = GatewayUnderTest.shared(Map.of());

    nameless.chat(ask(""), "x-serai-cache", "no-store");

    assertThat(nameless.second().calls().getFirst().headers())
        .doesNotContainKeys("http-referer", "x-title");
  }

  @Test
  void the_name_with_a_date_is_accepted_as_the_model() {
    Answer answer = gateway.chat(ask("").replace("claude-sonnet-4", "claude-sonnet-4-20250514"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(call().json().path("model").asText()).isEqualTo("anthropic/claude-sonnet-4");
    assertThat(answer.header("x-serai-cost-usd")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0.00342, 0", "0.0034541, 0", "0.0034543, 1", "0.0033, 1", "3.42e-3, 0"})
  void its_own_cost_is_kept_beside_the_computed_one_and_compared(String cost, int deviations) {
    double before = gateway.meter("serai_cost_deviations_total{target=\"openrouter\"}");
    gateway.second().byDefault(Behaviour.json(200, answer(cost)));

    Answer answer = gateway.chat(ask(""));

    assertThat(answer.header("x-serai-cost-usd")).isEqualTo("0.00342");
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::tokens)
        .containsExactly(new Tokens(1000, 100, 400, 0));
    JsonNode row = row(answer.requestId());
    assertThat(row.path("cost_usd").asText()).isEqualTo("0.00342");
    assertThat(row.path("provider_cost_usd").decimalValue()).isNotNull();
    assertThat(new java.math.BigDecimal(row.path("provider_cost_usd").asText()))
        .isEqualByComparingTo(cost);
    assertThat(gateway.meter("serai_cost_deviations_total{target=\"openrouter\"}") - before)
        .isEqualTo(deviations);
  }

  @Test
  void a_stream_says_its_cost_too() throws Exception {
    gateway.second().byDefault(streamed("0.5"));
    double before = gateway.meter("serai_cost_deviations_total{target=\"openrouter\"}");

    try (SseStream stream = gateway.stream(ask(GatewayUnderTest.STREAM))) {
      stream.rest();
      String id = stream.header("x-serai-request-id");
      gateway.settledLedger(id);
      assertThat(row(id).path("provider_cost_usd").asText()).isEqualTo("0.50");
    }
    assertThat(gateway.meter("serai_cost_deviations_total{target=\"openrouter\"}") - before)
        .isEqualTo(1);
  }

  @Test
  void a_provider_that_states_no_cost_has_none_in_its_row() {
    Answer answer = gateway.chat(GatewayUnderTest.ask("no cost stated"));
    gateway.settledLedger(answer.requestId());

    assertThat(row(answer.requestId()).path("provider_cost_usd").isNull()).isTrue();
  }

  @Test
  void one_warning_stands_for_many_deviations(CapturedOutput console) {
    String model = "openrouter/openai/gpt-4o";
    gateway.second().byDefault(Behaviour.json(200, answer("9")));

    for (int i = 0; i < 3; i++) {
      gateway.chat(ask("").replace(MODEL, model));
    }

    assertThat(console.getAll())
        .containsOnlyOnce(
            "cost deviates target=openrouter model=openai/gpt-4o computed_usd=0.0035"
                + " provider_usd=9.00");
  }

  private static Behaviour streamed(String cost) {
    String chunk =
        "data: {\"id\":\"gen-2\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"%s\"},"
            + "\"finish_reason\":%s}]%s}\n\n";
    return events(
        ": OPENROUTER PROCESSING\n\n",
        chunk.formatted("hel", "null", ""),
        ": OPENROUTER PROCESSING\n\n",
        chunk.formatted("lo", "\"stop\"", ""),
        chunk.formatted(
            "",
            "null",
            ",\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":2,\"cost\":" + cost + "}"),
        "data: [DONE]\n\n");
  }

  private static Behaviour events(String... events) {
    return reply -> {
      reply.open(200, Map.of("Content-Type", "text/event-stream"));
      for (String event : events) {
        reply.event(event.getBytes(StandardCharsets.UTF_8));
      }
      reply.end();
    };
  }

  @Test
  void comments_in_a_stream_pass_and_are_no_content() throws Exception {
    gateway.second().byDefault(streamed("0.00006"));

    try (SseStream stream = gateway.stream(ask(GatewayUnderTest.STREAM))) {
      List<SseStream.Event> events = stream.rest();

      assertThat(events).filteredOn(SseStream.Event::comment).hasSize(2);
      assertThat(events.stream().map(SseStream.Event::content).reduce("", String::concat))
          .isEqualTo("hello");
      assertThat(events.getLast().done()).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "429, 429, rate_limit_exceeded, 4",
    "402, 402, insufficient_quota, 1",
    "401, 502, provider_error, 1",
    "502, 502, provider_error, 4",
  })
  void an_error_inside_a_200_is_taken_as_what_it_says(
      int code, int status, String error, int calls) {
    gateway
        .second()
        .byDefault(
            Behaviour.json(
                200, "{\"error\":{\"code\":" + code + ",\"message\":\"Hearth is out\"}}"));

    gateway.chat(ask("")).isError(status, error);

    assertThat(gateway.second().calls()).hasSize(calls);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_refusal_inside_a_200_keeps_its_status_and_its_reason(boolean stream) {
    String error = "{\"error\":{\"code\":413,\"message\":\"Hearth reads 8 tokens at most\"}}";
    gateway
        .second()
        .byDefault(
            stream
                ? events(": OPENROUTER PROCESSING\n\n", "data: " + error + "\n\n")
                : Behaviour.json(200, error));

    Answer answer = gateway.chat(ask(stream ? GatewayUnderTest.STREAM : ""));

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.json().at("/error/message").asText())
        .isEqualTo("Hearth reads 8 tokens at most");
    assertThat(answer.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(answer.json().at("/error/code").isNull()).isTrue();
    assertThat(gateway.settledLedger(answer.requestId()))
        .extracting(LedgerRow::outcome)
        .containsExactly("failed refused");
  }

  @Test
  void an_empty_account_is_not_asked_again_where_a_stream_begins_with_it() {
    gateway
        .second()
        .byDefault(
            events("data: {\"error\":{\"message\":\"out\",\"code\":\"insufficient_quota\"}}\n\n"));

    gateway.chat(ask(GatewayUnderTest.STREAM)).isError(402, "insufficient_quota");

    assertThat(gateway.second().calls()).hasSize(1);
  }

  @Test
  void an_error_inside_a_choice_is_an_error() {
    gateway
        .second()
        .byDefault(
            Behaviour.json(
                200,
                "{\"choices\":[{\"finish_reason\":\"error\",\"message\":{\"content\":\"\"},"
                    + "\"error\":{\"code\":502,\"message\":\"Hearth is out\"}}]}"));

    gateway.chat(ask("")).isError(502, "provider_error");
  }

  @Test
  void an_error_before_the_first_content_is_tried_again() throws Exception {
    gateway
        .second()
        .next(events(": OPENROUTER PROCESSING\n\n", streamError()))
        .byDefault(streamed("0.00006"));

    try (SseStream stream = gateway.stream(ask(GatewayUnderTest.STREAM))) {
      assertThat(stream.header("x-serai-attempts")).isEqualTo("2");
      assertThat(stream.rest().getLast().done()).isTrue();
    }
  }

  @Test
  void an_error_after_the_first_content_ends_the_stream_with_it() throws Exception {
    gateway
        .second()
        .byDefault(
            events(
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hel\"}}]}\n\n",
                streamError()));

    try (SseStream stream = gateway.stream(ask(GatewayUnderTest.STREAM))) {
      List<SseStream.Event> events = stream.rest();

      assertThat(events.getFirst().content()).isEqualTo("hel");
      assertThat(events.getLast().error()).isEqualTo("provider_error");
      assertThat(gateway.settledLedger(stream.header("x-serai-request-id")))
          .extracting(LedgerRow::outcome)
          .containsExactly("failed server_error");
    }
    assertThat(gateway.second().calls()).hasSize(1);
  }

  private static String streamError() {
    return "data: {\"id\":\"gen-3\",\"provider\":\"Hearth\",\"error\":{\"code\":502,\"message\":"
        + "\"Hearth is out\"},\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},"
        + "\"finish_reason\":\"error\"}]}\n\n";
  }

  private Call call() {
    return gateway.second().calls().getFirst();
  }

  private JsonNode row(String requestId) {
    return gateway
        .send(gateway.admin("/admin/v1/usage/rows?request_id=" + requestId))
        .json()
        .path("data")
        .path(0);
  }
}
