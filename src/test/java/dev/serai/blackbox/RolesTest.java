package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.provider.Behaviour;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A role has its own timeout, temperature and chain of targets. */
@ExtendWith(OutputCaptureExtension.class)
class RolesTest {
  private static final Duration FAR_TOO_LONG = Duration.ofSeconds(8);

  private final GatewayUnderTest gateway = Operated.gateway();

  @Test
  void a_roles_timeout_caps_an_attempt_and_the_next_target_answers() {
    gateway.provider().byDefault(Behaviour.slow(FAR_TOO_LONG));
    long start = System.nanoTime();

    Answer answer = gateway.chat(Operated.ask("slow", ""));

    assertFellBack(answer.status(), answer.header("x-serai-target"), start);
    assertThat(answer.header("x-serai-model")).isEqualTo("mistralai/mistral-small");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("2");
    assertThat(outcomes(answer.requestId())).containsExactly("failed timeout", "settled");
  }

  @Test
  void a_roles_timeout_caps_the_wait_for_a_streams_first_event() throws Exception {
    gateway.provider().byDefault(Behaviour.slowFirstByte(FAR_TOO_LONG));
    long start = System.nanoTime();

    try (SseStream stream = gateway.stream(Operated.ask("slow stream", STREAM))) {
      assertFellBack(stream.status(), stream.header("x-serai-target"), start);
      assertThat(stream.header("x-serai-attempts")).isEqualTo("2");
      assertThat(stream.rest().getLast().done()).isTrue();
    }
  }

  @Test
  void signs_of_life_do_not_stretch_it() throws Exception {
    gateway.provider().byDefault(Behaviour.signsOfLife(80, Duration.ofMillis(100)));
    long start = System.nanoTime();

    try (SseStream stream = gateway.stream(Operated.ask("comments", STREAM))) {
      assertFellBack(stream.status(), stream.header("x-serai-target"), start);
    }
  }

  private static void assertFellBack(int status, String target, long start) {
    assertThat(status).isEqualTo(200);
    assertThat(target).isEqualTo("openrouter");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(FAR_TOO_LONG.dividedBy(2));
  }

  @Test
  void a_stream_that_has_begun_may_take_longer() throws Exception {
    gateway.provider().byDefault(Behaviour.pacedStream(9, Duration.ofMillis(120)));

    try (SseStream stream = gateway.stream(Operated.ask("long stream", STREAM))) {
      assertThat(stream.header("x-serai-target")).isEqualTo("openai");
      assertThat(stream.rest().getLast().done()).isTrue();
    }
  }

  @Test
  void a_model_named_without_a_role_has_the_providers_time() {
    gateway.provider().byDefault(Behaviour.slow(Duration.ofMillis(900)));

    Answer answer = gateway.chat(GatewayUnderTest.ask("no role"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-serai-attempts")).isEqualTo("1");
  }

  @Test
  void a_fallback_is_logged_and_counted_with_its_reason(CapturedOutput console) {
    String meter =
        "serai_fallbacks_total{class=\"invalid_key\",from=\"%s\",to=\"%s\"}"
            .formatted(Operated.FIRST, Operated.SECOND);
    double before = gateway.meter(meter);
    gateway.provider().byDefault(Behaviour.status(401));

    Answer answer = gateway.chat(Operated.ask("wrong key", ""));

    assertThat(answer.header("x-serai-target")).isEqualTo("openrouter");
    assertThat(gateway.meter(meter) - before).isEqualTo(1);
    await()
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(console.getAll())
                    .containsOnlyOnce(
                        "fallback role=%s from=%s class=invalid_key to=%s request=%s"
                            .formatted(
                                Operated.ROLE,
                                Operated.FIRST,
                                Operated.SECOND,
                                answer.requestId())));
  }

  @Test
  void an_answer_of_the_first_target_is_no_fallback(CapturedOutput console) {
    Answer answer = gateway.chat(Operated.ask("first", ""));

    assertThat(answer.header("x-serai-target")).isEqualTo("openai");
    assertThat(answer.header("x-serai-attempts")).isEqualTo("1");
    assertThat(console.getAll()).doesNotContain("fallback role=");
  }

  @Test
  void every_target_gets_the_roles_temperature_unless_the_request_has_one() {
    gateway.provider().byDefault(Behaviour.status(401));

    gateway.chat(Operated.ask("cool", ""));
    gateway.chat(Operated.ask("hot", "\"temperature\":1.5"));

    assertThat(gateway.provider().calls())
        .extracting(call -> call.json().path("temperature").decimalValue().toPlainString())
        .containsExactly("0.7", "1.5");
    assertThat(gateway.second().calls())
        .extracting(call -> call.json().path("temperature").decimalValue().toPlainString())
        .containsExactly("0.7", "1.5");
  }

  @Test
  void the_model_wins_over_the_header_and_the_header_over_the_default() throws IOException {
    String unnamed = "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    gateway.chat(GatewayUnderTest.ask("model"), "x-serai-role", "hybrid");
    gateway.chat(unnamed, "x-serai-role", "hybrid");
    gateway.chat(unnamed);

    assertThat(gateway.provider().calls())
        .extracting(call -> call.json().path("model").asText())
        .isEqualTo(List.of("gpt-4o-mini", "gpt-4o", "gpt-4o-mini"));
    assertThat(gateway.provider().calls())
        .extracting(call -> call.json().has("temperature"))
        .containsExactly(false, true, true);
  }

  private List<String> outcomes(String requestId) {
    return gateway.settledLedger(requestId).stream().map(LedgerRow::outcome).toList();
  }
}
