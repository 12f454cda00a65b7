package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What limits that an operator sets do to callers. */
class TenantLimitsTest {
  private static final String ROLE = "limited";
  private static final String KEY_ID = "cfg-" + hash(GatewayUnderTest.KEY).substring(0, 16);

  /** For {@link GatewayUnderTest#shared}. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "serai.roles." + ROLE + ".description",
          "Has somebody to fall back to",
          "serai.roles." + ROLE + ".targets[0]",
          GatewayUnderTest.MODEL,
          "serai.roles." + ROLE + ".targets[1]",
          "openrouter/mistralai/mistral-small",
          "serai.limits.provider.anthropic.requests-per-minute",
          "7",
          "serai.limits.queue-wait",
          "300ms",
          "serai.budgets.provider.anthropic.limit-usd",
          "7.5",
          "serai.budgets.patience",
          "300ms");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(SETTINGS);

  private static String hash(String key) {
    return dev.serai.tenant.GatewayKey.hashOf(key);
  }

  @AfterEach
  void unlimited() {
    for (String path :
        List.of(
            "tenant/dev", "key/" + KEY_ID, "role/" + ROLE, "provider/openai", "gateway/gateway")) {
      gateway.send(gateway.admin("/admin/v1/limits/" + path).DELETE());
    }
  }

  private Answer put(String path, String json) {
    return gateway.send(
        gateway
            .admin("/admin/v1/limits/" + path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  private void limit(String path, String json) {
    // What was consumed before belongs to another test.
    gateway.send(gateway.admin("/admin/v1/limits/" + path).DELETE());
    assertThat(put(path, json).status()).isEqualTo(200);
  }

  private static String question() {
    return UUID.randomUUID().toString();
  }

  private static String ofRole() {
    return "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(ROLE, question());
  }

  private static long number(Answer answer, String header) {
    return Long.parseLong(answer.header(header));
  }

  @ParameterizedTest
  @CsvSource({"tenant/dev", "gateway/gateway", "gateway/default"})
  void every_scope_refuses_what_is_beyond_its_limit(String path) {
    limit(path, "{\"requests_per_day\":100000}");
    Answer before = gateway.chat(ask(question()));
    long left = number(before, "x-ratelimit-remaining-requests");
    put(path, "{\"requests_per_day\":%d}".formatted(100_000 - left + 2));

    assertThat(gateway.chat(ask(question())).status()).isEqualTo(200);
    assertThat(gateway.chat(ask(question())).status()).isEqualTo(200);
    Answer refused = gateway.chat(ask(question()));

    refused.isError(429, "rate_limit_exceeded");
    assertThat(refused.text()).contains(path.substring(0, path.indexOf('/')));
    assertThat(number(refused, "retry-after")).isBetween(1L, 86_400L);
    assertThat(refused.header("x-ratelimit-remaining-requests")).isEqualTo("0");
    assertThat(refused.header("x-ratelimit-reset-requests"))
        .matches("([0-9]+h)?([0-9]+m)?([0-9]+s|[0-9]+ms)");
    assertThat(refused.headers()).doesNotContainKey("x-serai-attempts");
    assertThat(gateway.ledger(refused.requestId())).isEmpty();
  }

  @Test
  void the_tightest_limit_is_in_the_headers_of_answers_streams_and_hits() throws IOException {
    limit("tenant/dev", "{\"requests_per_minute\":5000,\"tokens_per_minute\":900000}");
    limit("gateway/gateway", "{\"requests_per_day\":4000,\"tokens_per_day\":80000000}");
    String question = question();

    Answer whole = gateway.chat(ask(question));
    Answer hit = gateway.chat(ask(question));

    assertThat(whole.header("x-ratelimit-limit-requests")).isEqualTo("4000");
    assertThat(whole.header("x-ratelimit-limit-tokens")).isEqualTo("900000");
    assertThat(number(whole, "x-ratelimit-remaining-tokens")).isLessThan(900_000);
    assertThat(whole.header("x-ratelimit-reset-tokens")).matches("[0-9]+s|1m0s");
    assertThat(hit.cache()).isEqualTo("hit");
    assertThat(number(hit, "x-ratelimit-remaining-requests"))
        .isEqualTo(number(whole, "x-ratelimit-remaining-requests") - 1);
    try (SseStream stream = gateway.stream(ask(question(), STREAM))) {
      assertThat(stream.header("x-ratelimit-limit-requests")).isEqualTo("4000");
      assertThat(stream.header("x-ratelimit-limit-tokens")).isEqualTo("900000");
    }
  }

  @Test
  void without_limits_there_are_no_such_headers() {
    assertThat(gateway.chat(ask(question())).headers().keySet())
        .noneMatch(name -> name.startsWith("x-ratelimit"));
  }

  @Test
  void tokens_are_charged_as_used_and_not_as_reserved() {
    limit("tenant/dev", "{\"tokens_per_day\":1000000}");
    Answer first = gateway.chat(ask(question(), "\"max_tokens\":5000"));

    Answer second = gateway.chat(ask(question(), "\"max_tokens\":5000"));

    long used = second.json().path("usage").path("total_tokens").asLong();
    assertThat(used).isPositive().isLessThan(5000);
    assertThat(
            number(first, "x-ratelimit-remaining-tokens")
                - number(second, "x-ratelimit-remaining-tokens"))
        .isEqualTo(used);
  }

  @Test
  void a_call_that_failed_costs_no_tokens() {
    limit("tenant/dev", "{\"tokens_per_day\":1000000}");
    long before = number(gateway.chat(ask(question())), "x-ratelimit-remaining-tokens");
    gateway.provider().next(Behaviour.status(401));

    gateway.chat(ask(question())).isError(502, "provider_error");

    Answer after = gateway.chat(ask(question()));
    assertThat(before - number(after, "x-ratelimit-remaining-tokens"))
        .isEqualTo(after.json().path("usage").path("total_tokens").asLong());
  }

  @Test
  void a_stream_whose_reader_leaves_is_charged_with_what_came() throws IOException {
    limit("tenant/dev", "{\"tokens_per_day\":1000000}");
    long before = number(gateway.chat(ask(question())), "x-ratelimit-remaining-tokens");
    gateway.provider().next(Behaviour.pacedStream(200, Duration.ofMillis(50)));

    try (SseStream stream = gateway.stream(ask(question(), STREAM + ",\"max_tokens\":90000"))) {
      requireNonNull(stream.nextData());
    }
    Call left = gateway.provider().calls().getLast();
    await().atMost(Duration.ofSeconds(10)).until(left::clientLeft);

    await()
        .untilAsserted(
            () -> {
              Answer after = gateway.chat(ask(question(), "\"max_tokens\":1"));
              assertThat(before - number(after, "x-ratelimit-remaining-tokens"))
                  .isBetween(1L, 20_000L);
            });
  }

  @Test
  void a_request_larger_than_the_whole_limit_is_told_that_it_never_fits() {
    limit("tenant/dev", "{\"tokens_per_minute\":1000,\"requests_per_day\":100000}");
    Answer fits = gateway.chat(ask(question(), "\"max_tokens\":10"));

    Answer refused = gateway.chat(ask(question(), "\"max_tokens\":2000"));

    refused.isError(429, "rate_limit_exceeded");
    assertThat(refused.text()).contains("never fit").contains("max_tokens");
    assertThat(refused.headers()).doesNotContainKeys("retry-after", "x-serai-attempts");
    Answer next = gateway.chat(ask(question(), "\"max_tokens\":10"));
    assertThat(number(next, "x-ratelimit-remaining-requests"))
        .as("the refused request was given back")
        .isEqualTo(number(fits, "x-ratelimit-remaining-requests") - 1);
  }

  @Test
  void what_the_role_refuses_is_not_charged_to_the_tenant() {
    limit("tenant/dev", "{\"requests_per_day\":100000}");
    limit("role/" + ROLE, "{\"requests_per_minute\":1}");
    assertThat(gateway.chat(ofRole()).status()).isEqualTo(200);
    long before = number(gateway.chat(ask(question())), "x-ratelimit-remaining-requests");

    Answer refused = gateway.chat(ofRole());

    refused.isError(429, "rate_limit_exceeded");
    assertThat(refused.text()).contains("role");
    Answer after = gateway.chat(ask(question()));
    assertThat(number(after, "x-ratelimit-remaining-requests")).isEqualTo(before - 1);
  }

  @Test
  void a_provider_at_its_limit_is_passed_over() {
    limit("provider/openai", "{\"requests_per_minute\":1}");
    assertThat(gateway.chat(ofRole()).header("x-serai-target")).isEqualTo("openai");

    Answer second = gateway.chat(ofRole());
    Answer alone = gateway.chat(ask(question()));

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(second.header("x-serai-attempts")).isEqualTo("1");
    alone.isError(429, "rate_limit_exceeded");
    assertThat(alone.text()).contains("provider");
    assertThat(number(alone, "retry-after")).isBetween(1L, 60L);
  }

  @Test
  void calls_at_the_same_time_wait_and_then_are_refused() throws Exception {
    limit("key/" + KEY_ID, "{\"concurrency\":1}");
    gateway.provider().next(Behaviour.slow(Duration.ofSeconds(2)));
    Thread first = Thread.ofVirtual().start(() -> gateway.chat(ask(question())));
    gateway.provider().awaitCalls(1);

    Answer refused = gateway.chat(ask(question()));

    refused.isError(429, "rate_limit_exceeded");
    assertThat(refused.text()).contains("key").contains("in flight");
    first.join();
    assertThat(gateway.chat(ask(question())).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"requests_per_minute\":0}",
        "{\"requests_per_minute\":-1}",
        "{\"tokens_per_day\":1.5}",
        "{\"tokens_per_day\":60.0}",
        "{\"concurrency\":\"10\"}",
        "{\"concurrency\":99999999999}",
        "{\"requests_per_minute\":99999999999999999999}",
        "{\"requests_per_hour\":5}",
        "{\"requests_per_minute\":5,\"requests_per_minute\":6}",
        "{\"requests_per_minute\":null}",
        "{}",
        "[]",
        "7",
        "{\"requests_per_minute\":5",
        "{\"requests_per_minute\":5} x"
      })
  void what_is_no_limit_is_refused_and_changes_nothing(String json) {
    put("tenant/dev", "{\"requests_per_minute\":4321}");

    put("tenant/dev", json).isError(400, "invalid_request_error");

    assertThat(
            gateway
                .send(gateway.admin("/admin/v1/limits/tenant/dev"))
                .json()
                .path("requests_per_minute")
                .asLong())
        .isEqualTo(4321);
  }

  @ParameterizedTest
  @ValueSource(strings = {"user/x", "TENANT/x", "tenant/a%20b", "tenant/a%7Cb", "gateway/x"})
  void what_no_limit_can_be_set_for_is_refused(String path) {
    Answer answer = put(path, "{\"requests_per_minute\":1}");

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void a_body_of_a_megabyte_is_not_read() {
    put("tenant/dev", "{\"concurrency\":3" + " ".repeat(1 << 20) + "}")
        .isError(413, "request_too_large");
    gateway.send(gateway.admin("/admin/v1/limits/tenant/dev")).isError(404, "not_found");
  }

  @Test
  void limits_can_be_read_and_taken_away() {
    Answer set = put("tenant/nobody-yet", "{\"requests_per_day\":5,\"concurrency\":null}");
    Answer read = gateway.send(gateway.admin("/admin/v1/limits/tenant/nobody-yet"));
    Answer gone = gateway.send(gateway.admin("/admin/v1/limits/tenant/nobody-yet").DELETE());

    assertThat(set.json()).isEqualTo(read.json()).isEqualTo(gone.json());
    assertThat(read.json().path("requests_per_day").asLong()).isEqualTo(5);
    assertThat(read.json().path("concurrency").isNull()).isTrue();
    gateway.send(gateway.admin("/admin/v1/limits/tenant/nobody-yet")).isError(404, "not_found");
    gateway
        .send(gateway.admin("/admin/v1/limits/tenant/nobody-yet").DELETE())
        .isError(404, "not_found");
    gateway.get("/admin/v1/limits/tenant/dev").isError(401, "invalid_api_key");
  }

  @Test
  void configured_limits_hold_until_the_admin_sets_another() {
    dev.serai.limit.Limits limits = gateway.part(dev.serai.limit.Limits.class);
    var anthropic = new dev.serai.limit.Subject(dev.serai.limit.Scope.PROVIDER, "anthropic");
    assertThat(requireNonNull(limits.of(anthropic)).requestsPerMinute()).isEqualTo(7);

    put("provider/anthropic", "{\"requests_per_minute\":9}");
    assertThat(requireNonNull(limits.of(anthropic)).requestsPerMinute()).isEqualTo(9);

    gateway.send(gateway.admin("/admin/v1/limits/provider/anthropic").DELETE());
    assertThat(requireNonNull(limits.of(anthropic)).requestsPerMinute()).isEqualTo(7);
  }
}
