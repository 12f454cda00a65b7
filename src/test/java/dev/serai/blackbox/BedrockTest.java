package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Bedrock;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.Cassette;
import dev.serai.provider.Tokens;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Amazon Bedrock over HTTP: signed requests, whole answers as JSON, streams as binary events. */
class BedrockTest {
  private static final String HAIKU = "anthropic.claude-3-haiku-20240307-v1:0";
  private static final Map<String, String> AWS =
      Map.of(
          "serai.providers.bedrock.api-key",
          TestKeys.secret("AKIATESTTESTTESTTEST"),
          "serai.providers.bedrock.secret-key",
          TestKeys.secret("secret-of-the-tests"),
          "serai.providers.bedrock.session-token",
          TestKeys.secret("token-of-the-tests"),
          "serai.providers.bedrock.region",
          "eu-central-1",
          "serai.providers.bedrock.attempt-timeout",
          "1s",
          "serai.providers.bedrock.max-retries",
          "1",
          "serai.roles.backed.description",
          "Has something to fall back on",
          "serai.roles.backed.targets[0]",
          "bedrock/" + HAIKU,
          "serai.roles.backed.targets[1]",
          "openrouter/anthropic/claude-3.5-haiku");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(AWS);

  /** The first calls load the SDK's classes, which may take longer than the tests wait. */
  @BeforeAll
  static void warmUp() throws IOException {
    GatewayUnderTest gateway = GatewayUnderTest.shared(AWS);
    for (boolean stream : List.of(true, false)) {
      gateway.provider().byDefault(Bedrock.error(400, "ValidationException", "cold"));
      gateway.stream(ask("warm up", "\"stream\":" + stream)).close();
    }
  }

  @Test
  void a_whole_answer_comes_in_openais_form_and_is_paid_by_its_price() {
    gateway.provider().next(Bedrock.says("Good day"));

    Answer answer = gateway.chat(ask("hello", "\"max_tokens\":50"));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.content()).isEqualTo("Good day");
    assertThat(answer.json().at("/choices/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(answer.json().at("/usage/total_tokens").asInt()).isEqualTo(18);
    assertThat(answer.header("x-serai-target")).isEqualTo("bedrock");
    LedgerRow row = gateway.settledLedger(answer.requestId()).getFirst();
    assertThat(row.outcome()).isEqualTo("settled");
    assertThat(row.tokens()).isEqualTo(new Tokens(11, 7, 0, 0));
    assertThat(row.costNanos()).isEqualTo(11 * 250 + 7 * 1250);
  }

  @Test
  void requests_are_signed_for_the_region_and_name_the_model() {
    gateway.provider().next(Bedrock.says("Good day"));

    Answer answer = gateway.chat(ask("sign this", ""));

    Call call = gateway.provider().awaitCalls(1).getFirst();
    assertThat(call.path()).isEqualTo("/model/" + HAIKU.replace(":", "%3A") + "/converse");
    assertThat(call.header("authorization"))
        .startsWith("AWS4-HMAC-SHA256 Credential=AKIATESTTESTTESTTEST/")
        .contains("/eu-central-1/bedrock/aws4_request");
    assertThat(call.header("x-amz-security-token")).isEqualTo("token-of-the-tests");
    assertThat(call.header("x-request-id")).isEqualTo(answer.requestId() + "-1");
    assertThat(call.json().at("/messages/0/content/0/text").asText()).isEqualTo("sign this");
    assertThat(answer.headers().keySet()).noneMatch(name -> name.startsWith("camel"));
    assertThat(answer.text()).doesNotContain("AKIA").doesNotContain("secret-of");
  }

  @Test
  void a_stream_arrives_token_by_token() throws IOException {
    gateway
        .provider()
        .next(Bedrock.stream(Duration.ofMillis(120), Bedrock.texts("One", " two", " three")));

    try (SseStream stream = gateway.stream(streaming("count", INCLUDE_USAGE))) {
      List<SseStream.Event> events = stream.rest();

      List<SseStream.Event> texts =
          events.stream().filter(event -> !event.content().isEmpty()).toList();
      assertThat(texts)
          .extracting(SseStream.Event::content)
          .containsExactly("One", " two", " three");
      assertThat(texts.get(2).nanos() - texts.get(0).nanos())
          .isGreaterThan(Duration.ofMillis(150).toNanos());
      assertThat(events.getLast().done()).isTrue();
      JsonNode usage = Cassette.data(events.get(events.size() - 2).bytes()).path("usage");
      assertThat(usage.path("prompt_tokens").asInt()).isEqualTo(11);
      assertThat(usage.path("cost").decimalValue()).isEqualByComparingTo("0.0000115");
      assertThat(gateway.provider().calls().getFirst().path()).endsWith("/converse-stream");
      assertThat(gateway.provider().calls().getFirst().header("authorization"))
          .startsWith("AWS4-HMAC-SHA256 ");
      assertThat(gateway.settledLedger(stream.header("x-serai-request-id")))
          .extracting(LedgerRow::tokens)
          .containsExactly(new Tokens(11, 7, 0, 0));
    }
  }

  @Test
  void a_streamed_tool_call_comes_with_its_arguments_in_pieces() throws IOException {
    List<byte[]> messages = new ArrayList<>(Bedrock.begin());
    messages.add(
        Bedrock.event(
            "contentBlockStart",
            """
            {"contentBlockIndex":0,"start":{"toolUse":{"toolUseId":"t1","name":"weather"}}}\
            """));
    for (String piece : List.of("{\\\"city\\\":", "\\\"Bern\\\"}")) {
      messages.add(
          Bedrock.event(
              "contentBlockDelta",
              """
              {"contentBlockIndex":0,"delta":{"toolUse":{"input":"%s"}}}\
              """
                  .formatted(piece)));
    }
    messages.add(Bedrock.event("messageStop", "{\"stopReason\":\"tool_use\"}"));
    gateway.provider().next(Bedrock.stream(Duration.ZERO, messages));

    try (SseStream stream = gateway.stream(streaming("weather", TOOLS))) {
      StringBuilder arguments = new StringBuilder();
      String reason = "";
      for (SseStream.Event event : stream.rest()) {
        JsonNode choice = Cassette.data(event.bytes()).at("/choices/0");
        arguments.append(choice.at("/delta/tool_calls/0/function/arguments").asText(""));
        reason = choice.path("finish_reason").asText(reason);
      }
      assertThat(arguments).hasToString("{\"city\":\"Bern\"}");
      assertThat(reason).isEqualTo("tool_calls");
    }
    assertThat(gateway.provider().calls().getFirst().json().at("/toolConfig/tools/0/toolSpec/name"))
        .hasToString("\"weather\"");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_answer_in_json_looks_like_any_other(boolean stream) throws IOException {
    List<byte[]> messages = new ArrayList<>(Bedrock.begin("Sure. "));
    messages.add(
        Bedrock.event(
            "contentBlockStart",
            """
            {"contentBlockIndex":1,"start":{"toolUse":{"toolUseId":"t1","name":"answer_in_json"}}}\
            """));
    messages.add(
        Bedrock.event(
            "contentBlockDelta",
            """
            {"contentBlockIndex":1,"delta":{"toolUse":{"input":"{\\"a\\":1}"}}}\
            """));
    messages.add(Bedrock.event("messageStop", "{\"stopReason\":\"tool_use\"}"));
    gateway
        .provider()
        .next(
            stream
                ? Bedrock.stream(Duration.ZERO, messages)
                : Bedrock.converse(
                    """
                    {"output":{"message":{"role":"assistant","content":[{"text":"Sure. "},\
                    {"toolUse":{"toolUseId":"t1","name":"answer_in_json","input":{"a":1}}}]}},\
                    "stopReason":"tool_use","usage":{"inputTokens":1,"outputTokens":2}}\
                    """));
    String request =
        ask(
            "as json, streamed " + stream,
            "\"stream\":" + stream + ",\"response_format\":{\"type\":\"json_object\"}");

    try (SseStream answer = gateway.stream(request)) {
      String text =
          stream
              ? answer.rest().stream().map(SseStream.Event::content).reduce("", String::concat)
              : answer.whole().content();

      assertThat(text).isEqualTo("{\"a\":1}");
    }
    JsonNode sent = gateway.provider().calls().getFirst().json();
    assertThat(sent.at("/toolConfig/toolChoice/tool/name").asText()).isEqualTo("answer_in_json");
  }

  @ParameterizedTest
  @CsvSource({
    "429, ThrottlingException, 429, rate_limit_exceeded, failed rate_limited, 2",
    "400, ValidationException, 400, invalid_request_error, failed refused, 1",
    "403, AccessDeniedException, 502, provider_error, failed invalid_key, 1",
    "403, UnrecognizedClientException, 502, provider_error, failed invalid_key, 1",
    "404, ResourceNotFoundException, 404, model_not_found, failed not_found, 1",
    "429, ModelNotReadyException, 502, provider_error, failed server_error, 2",
    "408, ModelTimeoutException, 504, provider_timeout, failed timeout, 2",
    "400, ServiceQuotaExceededException, 429, rate_limit_exceeded, failed rate_limited, 2",
    "424, ModelErrorException, 502, provider_error, failed server_error, 2",
    "500, InternalServerException, 502, provider_error, failed server_error, 2",
    "503, ServiceUnavailableException, 502, provider_error, failed server_error, 2",
  })
  void every_error_has_its_place(
      int status, String type, int expected, String code, String outcome, int calls)
      throws IOException {
    for (boolean stream : List.of(false, true)) {
      gateway.provider().reset();
      gateway.provider().byDefault(Bedrock.error(status, type, "Bedrock says no"));

      try (SseStream answer = gateway.stream(ask(type, "\"stream\":" + stream))) {
        assertThat(answer.status()).as("stream " + stream).isEqualTo(expected);
        Answer whole = answer.whole().isError(expected, code);
        assertThat(gateway.settledLedger(whole.requestId()))
            .extracting(LedgerRow::outcome)
            .hasSize(calls)
            .containsOnly(outcome);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400, ValidationException, ok",
    "403, AccessDeniedException, invalid_key",
    "403, UnrecognizedClientException, invalid_key",
    "429, ThrottlingException, rate_limited",
    "500, InternalServerException, failed",
  })
  void a_check_says_whether_the_credential_is_taken_and_bills_nothing(
      int status, String type, String state) {
    long rows = gateway.ledgerSize();
    gateway.provider().byDefault(Bedrock.error(status, type, "Bedrock says no"));

    Answer answer =
        gateway.send(
            gateway.admin("/admin/v1/targets/bedrock/check").POST(BodyPublishers.noBody()));

    assertThat(answer.json().path("state").asText()).isEqualTo(state);
    assertThat(answer.text()).doesNotContain("AKIATEST", "secret-of-the-tests");
    assertThat(gateway.provider().calls()).hasSize(1);
    assertThat(gateway.ledgerSize()).isEqualTo(rows);
  }

  @Test
  void a_refused_key_goes_to_the_fallback() {
    gateway.provider().byDefault(Bedrock.error(403, "AccessDeniedException", "not allowed"));

    Answer answer = gateway.chat(ask("fall back", "").replace("bedrock/" + HAIKU, "backed"));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(answer.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("2");
  }

  @Test
  void a_failure_before_the_first_content_is_mended_by_another_try() throws IOException {
    List<byte[]> broken = new ArrayList<>(Bedrock.begin());
    broken.add(Bedrock.exception("throttlingException", "slow down"));
    gateway
        .provider()
        .next(
            Bedrock.stream(Duration.ZERO, broken),
            Bedrock.stream(Duration.ZERO, Bedrock.texts("Here")));

    try (SseStream stream = gateway.stream(streaming("again", ""))) {
      assertThat(stream.rest()).extracting(SseStream.Event::content).contains("Here");
      assertThat(stream.header("x-serai-attempts")).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "throttlingException, rate_limit_exceeded",
    "modelStreamErrorException, provider_error",
    "internalServerException, provider_error",
    "validationException, invalid_request_error",
    "serviceUnavailableException, provider_error",
  })
  void a_failure_inside_a_stream_ends_it_with_an_error_event(String type, String code)
      throws IOException {
    List<byte[]> messages = new ArrayList<>(Bedrock.begin("Begun", " well"));
    messages.add(Bedrock.exception(type, "no more"));
    gateway.provider().next(Bedrock.stream(Duration.ZERO, messages));

    try (SseStream stream = gateway.stream(streaming(type, ""))) {
      List<SseStream.Event> events = stream.rest();

      assertThat(events).extracting(SseStream.Event::content).contains("Begun", " well");
      assertThat(events.getLast().error()).isEqualTo(code);
      assertThat(events).noneMatch(SseStream.Event::done);
      LedgerRow row = gateway.settledLedger(stream.header("x-serai-request-id")).getFirst();
      assertThat(row.state()).isNotEqualTo("open");
      assertThat(row.tokens().completion()).isPositive();
    }
  }

  @Test
  void a_stream_that_is_cut_ends_with_an_error_event() throws IOException {
    gateway.provider().next(Bedrock.cut(Bedrock.begin("Begun", " well")));

    try (SseStream stream = gateway.stream(streaming("cut", ""))) {
      List<SseStream.Event> events = stream.rest();

      assertThat(events).extracting(SseStream.Event::content).contains("Begun", " well");
      assertThat(events.getLast().error()).isEqualTo("provider_error");
    }
  }

  @Test
  void a_stream_that_stands_still_ends_in_time() throws IOException {
    gateway.provider().next(Bedrock.stalling(Bedrock.begin("Begun")));

    try (SseStream stream = gateway.stream(streaming("stall", ""))) {
      assertThat(stream.rest().getLast().error()).isEqualTo("provider_timeout");
    }
    await().until(() -> gateway.provider().calls().getFirst().clientLeft());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void an_answer_that_does_not_come_ends_in_time(boolean stream) throws IOException {
    gateway.provider().byDefault(Behaviour.blackHole());

    try (SseStream answer = gateway.stream(ask("nothing " + stream, "\"stream\":" + stream))) {
      answer.whole().isError(504, "provider_timeout");
    }
    assertThat(gateway.provider().calls()).hasSize(2);
    await().until(() -> gateway.provider().calls().stream().allMatch(Call::clientLeft));
  }

  @Test
  void when_the_client_leaves_bedrock_is_left_at_once() throws IOException {
    gateway
        .provider()
        .next(
            Bedrock.stream(
                Duration.ofMillis(50), Bedrock.texts("tick ".repeat(200).split("(?<= )", -1))));
    String requestId;
    try (SseStream stream = gateway.stream(streaming("leave", ""))) {
      requestId = stream.header("x-serai-request-id");
      assertThat(Objects.requireNonNull(stream.nextData()).text()).isNotEmpty();
    }

    Call call = gateway.provider().calls().getFirst();
    await().atMost(Duration.ofSeconds(5)).until(call::clientLeft);
    assertThat(call.eventsWhenClientLeft()).isLessThan(60);
    LedgerRow row = gateway.settledLedger(requestId).getFirst();
    assertThat(row.tokens().prompt()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "eu.anthropic.claude-sonnet-4-20250514-v1:0",
        "arn:aws:bedrock:eu-central-1:123456789012:application-inference-profile/abc123",
        "some-vendor.model-nobody-knows-v9:0",
      })
  void any_model_profile_or_arn_goes_through(String model) {
    gateway.provider().next(Bedrock.says("Good day"));

    Answer answer = gateway.chat(ask("whoever", "").replace(HAIKU, model));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(gateway.provider().calls().getFirst().path())
        .isEqualTo("/model/" + model.replace(":", "%3A").replace("/", "%2F") + "/converse");
  }

  @Test
  void an_image_that_bedrock_cannot_read_is_refused_before_anything_is_sent() {
    Answer answer =
        gateway.chat(
            """
            {"model":"bedrock/%s","messages":[{"role":"user","content":[{"type":"image_url",\
            "image_url":{"url":"data:image/tiff;base64,AAAA"}}]}]}\
            """
                .formatted(HAIKU));

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().at("/error/param").asText()).startsWith("messages[0]");
    assertThat(gateway.provider().calls()).isEmpty();
  }

  private static final String INCLUDE_USAGE = "\"stream_options\":{\"include_usage\":true}";
  private static final String TOOLS =
      """
      "tools":[{"type":"function","function":{"name":"weather",\
      "parameters":{"type":"object","properties":{"city":{"type":"string"}}}}}]\
      """;

  private static String streaming(String text, String fields) {
    return ask(text, fields.isEmpty() ? "\"stream\":true" : "\"stream\":true," + fields);
  }

  private static String ask(String text, String fields) {
    return GatewayUnderTest.ask(text, fields).replace(GatewayUnderTest.MODEL, "bedrock/" + HAIKU);
  }
}
