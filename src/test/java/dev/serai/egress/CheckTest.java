package dev.serai.egress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Providers;
import dev.serai.catalog.Timeouts;
import dev.serai.egress.Check.State;
import dev.serai.policy.TokenCounter;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Asking a target whether it can be used. */
class CheckTest {
  private static final Duration SHORT = Duration.ofMillis(400);

  private final FakeProvider provider = FakeProvider.start();
  private final Watchdog watchdog = new Watchdog();

  @AfterEach
  void close() {
    watchdog.close();
    provider.close();
  }

  private Check check(String url, HttpVersion version) {
    Timeouts timeouts = new Timeouts(SHORT, SHORT, SHORT, SHORT);
    try (HttpUpstream upstream =
        new HttpUpstream(Providers.openAi(url, version, timeouts), watchdog, Clock.systemUTC())) {
      return upstream.check();
    }
  }

  @ParameterizedTest
  @EnumSource
  void lists_the_models_with_the_credential(HttpVersion version) {
    provider.whenChecked(Behaviour.json(200, " {\"object\":\"list\",\"data\":[]}"));

    Check check = check(provider.baseUrl(), version);

    Call call = provider.calls().getFirst();
    assertThat(check.state()).as(check.message()).isEqualTo(State.OK);
    assertThat(check.latency()).isPositive();
    assertThat(call.method() + " " + call.path()).isEqualTo("GET /v1/models");
    assertThat(call.header("authorization")).isEqualTo("Bearer sk-test");
    assertThat(call.header("x-extra")).isEqualTo("more");
    assertThat(call.body()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "openai, OPENAI, /v1, /v1/models",
    "openrouter, OPENROUTER, /v1, /v1/key",
    "anthropic, ANTHROPIC, '', /v1/models",
  })
  void asks_each_provider_at_the_path_that_wants_the_credential(
      String id, String variables, String base, String path) {
    provider.whenChecked(Behaviour.json(200, "{}"));
    String url = provider.baseUrl().replaceFirst("/v1$", base);
    Catalog catalog =
        Configured.packaged(Map.of(variables + "_API_KEY", "sk-1", variables + "_BASE_URL", url));

    try (HttpUpstream upstream =
        new HttpUpstream(
            Objects.requireNonNull(catalog.provider(id)), watchdog, Clock.systemUTC())) {
      assertThat(upstream.check().state()).isEqualTo(State.OK);
    }

    assertThat(provider.calls().getFirst().path()).isEqualTo(path);
    assertThat(provider.calls().getFirst().headers().toString()).contains("sk-1");
  }

  static Stream<Arguments> troubles() {
    return Stream.of(
        Arguments.of(Behaviour.status(401), State.INVALID_KEY, "TEST_API_KEY"),
        Arguments.of(Behaviour.status(403), State.INVALID_KEY, "TEST_API_KEY"),
        Arguments.of(Behaviour.status(402), State.QUOTA_EXCEEDED, "credit"),
        Arguments.of(Behaviour.insufficientQuota(), State.QUOTA_EXCEEDED, "credit"),
        Arguments.of(Behaviour.status(429), State.RATE_LIMITED, "minute"),
        Arguments.of(Behaviour.status(404), State.WRONG_ADDRESS, "serai.providers.test.base-url"),
        Arguments.of(Behaviour.status(302), State.WRONG_ADDRESS, "serai.providers.test.base-url"),
        Arguments.of(Behaviour.rubbish(), State.WRONG_ADDRESS, "serai.providers.test.base-url"),
        Arguments.of(Behaviour.status(503), State.FAILED, "503"),
        Arguments.of(Behaviour.blackHole(), State.TIMEOUT, "400 ms"),
        Arguments.of(Behaviour.disconnectBeforeAnswer(), State.UNREACHABLE, "connection broke"));
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("troubles")
  void says_what_is_wrong_and_what_to_do(Behaviour behaviour, State state, String message) {
    provider.whenChecked(behaviour);

    Check check = check(provider.baseUrl(), HttpVersion.HTTP_1_1);

    assertThat(check.state()).as(check.message()).isEqualTo(state);
    assertThat(check.message()).contains(message, ":").doesNotContain("sk-test");
    assertThat(check.latency()).isLessThan(Duration.ofSeconds(5));
  }

  @ParameterizedTest
  @EnumSource
  void nobody_at_the_address_is_unreachable(HttpVersion version) throws IOException {
    int port;
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = taken.getLocalPort();
    }

    Check check = check("http://127.0.0.1:" + port + "/v1", version);

    assertThat(check.state()).isEqualTo(State.UNREACHABLE);
    assertThat(check.message()).contains("No connection", "serai.providers.test.base-url");
  }

  @Test
  void a_name_that_does_not_resolve_is_unreachable() {
    Check check = check("http://no-such-host.invalid/v1", HttpVersion.HTTP_1_1);

    assertThat(check.state()).isEqualTo(State.UNREACHABLE);
    assertThat(check.message()).contains("name is not known");
  }

  @Test
  void the_local_target_is_always_well() {
    LocalUpstream local = new LocalUpstream(Duration.ZERO, new TokenCounter(), Clock.systemUTC());

    assertThat(local.check().state()).isEqualTo(State.OK);
  }

  @Test
  void a_target_without_a_check_says_so() {
    Upstream upstream = request -> new Reply.Busy();

    assertThat(upstream.check().state()).isEqualTo(State.UNKNOWN);
  }
}
