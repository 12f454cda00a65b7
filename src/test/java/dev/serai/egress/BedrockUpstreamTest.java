package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.catalog.Configured;
import dev.serai.catalog.Provider;
import dev.serai.chat.Failure;
import dev.serai.policy.TokenCounter;
import dev.serai.provider.Bedrock;
import dev.serai.provider.Behaviour;
import dev.serai.provider.FakeProvider;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to a call to Bedrock before anything is sent. */
class BedrockUpstreamTest {
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "AKIA1", "AWS_SECRET_ACCESS_KEY", "s3cret");

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void where_nobody_listens_nothing_was_sent(boolean stream) {
    UpstreamException failed = failure(KEYS, "http://127.0.0.1:1", stream);

    assertThat(failed.failure()).isInstanceOf(Failure.Network.class);
    assertThat(failed.sent()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void a_profile_that_is_not_there_is_a_wrong_credential(boolean stream) {
    UpstreamException failed =
        failure(Map.of("AWS_PROFILE", "serai-no-such-profile"), "http://127.0.0.1:1", stream);

    assertThat(failed.failure()).isInstanceOf(Failure.InvalidKey.class);
    assertThat(failed.sent()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void without_a_free_connection_it_is_busy(boolean stream) throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.next(Behaviour.blackHole()).byDefault(Bedrock.says("late"));
      Map<String, String> tight = new HashMap<>(KEYS);
      tight.put("SERAI_PROVIDERS_BEDROCK_MAXCONNECTIONS", "1");
      tight.put("SERAI_PROVIDERS_BEDROCK_CONNECTTIMEOUT", "300ms");
      try (Watchdog watchdog = new Watchdog();
          BedrockUpstream upstream =
              upstream(tight, provider.baseUrl().replace("/v1", ""), watchdog)) {
        Thread holder =
            Thread.ofVirtual()
                .start(
                    () -> {
                      var unused = catchThrowable(() -> upstream.send(request(stream)));
                    });
        provider.awaitCalls(1);

        assertThat(upstream.send(request(stream))).isInstanceOf(Reply.Busy.class);
        holder.interrupt();
      }
    }
  }

  private static UpstreamException failure(
      Map<String, String> environment, String address, boolean stream) {
    try (Watchdog watchdog = new Watchdog();
        BedrockUpstream upstream = upstream(environment, address, watchdog)) {
      return catchThrowableOfType(UpstreamException.class, () -> upstream.send(request(stream)));
    }
  }

  private static BedrockUpstream upstream(
      Map<String, String> environment, String address, Watchdog watchdog) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", address);
    Provider provider = Objects.requireNonNull(Configured.packaged(all).provider("bedrock"));
    return new BedrockUpstream(provider, new TokenCounter(), watchdog, Clock.systemUTC());
  }

  private static UpstreamRequest request(boolean stream) {
    String body =
        "{\"model\":\"amazon.nova-lite-v1:0\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";
    return new UpstreamRequest(
        "/chat/completions", body.getBytes(UTF_8), stream, "id-1", Duration.ofSeconds(20), 4096);
  }
}
