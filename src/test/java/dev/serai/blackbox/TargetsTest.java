package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator can learn about the targets, and how connections to them behave. */
class TargetsTest {
  private static final String MODELS = "{\"object\":\"list\",\"data\":[]}";

  private final GatewayUnderTest gateway = Operated.gateway();

  private Answer check(String target) {
    return gateway.send(
        gateway.admin("/admin/v1/targets/" + target + "/check").POST(BodyPublishers.noBody()));
  }

  @Test
  void a_check_asks_the_target_with_its_credential_and_bills_nothing() {
    long rows = gateway.ledgerSize();
    gateway.provider().whenChecked(Behaviour.json(200, MODELS));
    gateway.second().whenChecked(Behaviour.json(200, "{\"data\":{\"limit\":null}}"));

    Answer openai = check("openai");
    Answer openrouter = check("openrouter");
    Answer local = check("local");

    assertThat(List.of(openai, openrouter, local))
        .allSatisfy(answer -> assertThat(answer.json().path("state").asText()).isEqualTo("ok"));
    assertThat(openai.json().path("target").asText()).isEqualTo("openai");
    assertThat(openai.json().path("latency_ms").isIntegralNumber()).isTrue();
    assertThat(openai.json().path("message").asText()).isNotBlank();
    assertThat(gateway.provider().calls())
        .extracting(call -> call.method() + " " + call.path() + " " + call.header("authorization"))
        .containsExactly("GET /v1/models Bearer " + GatewayUnderTest.PROVIDER_KEY);
    assertThat(gateway.second().calls())
        .extracting(call -> call.method() + " " + call.path())
        .containsExactly("GET /v1/key");
    assertThat(gateway.ledgerSize()).isEqualTo(rows);
  }

  @ParameterizedTest
  @CsvSource({
    "401, invalid_key, OPENAI_API_KEY",
    "404, wrong_address, serai.providers.openai.base-url",
    "429, rate_limited, minute",
    "500, failed, 500",
  })
  void a_check_says_what_is_wrong(int status, String state, String message) {
    gateway
        .provider()
        .whenChecked(
            reply ->
                Behaviour.json(
                        status,
                        "{\"error\":{\"message\":\"%s\"}}"
                            .formatted(reply.call().header("authorization")))
                    .play(reply));

    Answer answer = check("openai");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().path("state").asText()).isEqualTo(state);
    assertThat(answer.json().path("message").asText()).contains(message);
    assertThat(answer.text()).doesNotContain(GatewayUnderTest.PROVIDER_KEY);
  }

  @Test
  void a_check_of_what_is_no_target_is_not_found() {
    check("nowhere").isError(404, "not_found");
  }

  @Test
  void a_check_wants_the_admin_key() {
    gateway
        .send(gateway.request("/admin/v1/targets/openai/check").POST(BodyPublishers.noBody()))
        .isError(401, "invalid_api_key");
    assertThat(gateway.provider().calls()).isEmpty();
  }

  @Test
  void health_tells_the_latest_success_and_the_latest_error_of_a_target() {
    Instant before = Instant.now().minusSeconds(1);
    gateway.chat(ask("well"));
    gateway.provider().byDefault(Behaviour.status(503));
    gateway.chat(ask("fails")).isError(502, "provider_error");

    JsonNode openai = target(gateway, "openai");

    assertThat(openai.path("usable").asBoolean()).isTrue();
    assertThat(openai.path("breaker").asText()).isEqualTo("closed");
    assertThat(openai.path("last_error").asText()).isEqualTo("server_error");
    assertThat(Instant.parse(openai.path("last_error_at").asText())).isAfter(before);
    assertThat(Instant.parse(openai.path("last_success_at").asText())).isAfter(before);
    assertThat(target(gateway, "local").path("usable").asBoolean()).isTrue();
    assertThat(target(gateway, "local").has("breaker")).isFalse();
    assertThat(target(gateway, "bedrock").path("usable").asBoolean()).isFalse();
  }

  @Test
  void a_target_that_is_down_takes_nothing_down() {
    GatewayUnderTest tight = Tight.gateway();
    tight.provider().byDefault(Behaviour.status(503));
    for (int i = 0; i < Tight.FAILURES_THAT_OPEN; i++) {
      tight.chat(ask("fails"));
    }

    assertThat(target(tight, "openai").path("breaker").asText()).isEqualTo("open");
    for (String path : List.of("", "/readiness", "/liveness", "/providers")) {
      Answer health = tight.get("/actuator/health" + path);
      assertThat(health.status()).as(path).isEqualTo(200);
      assertThat(health.json().path("status").asText()).as(path).isEqualTo("UP");
    }
    assertThat(tight.get("/health").json().path("status").asText()).isEqualTo("UP");
  }

  @Test
  void health_shows_nothing_of_the_rest_and_no_secret() {
    Answer all = gateway.get("/actuator/health");
    Answer targets = gateway.get("/actuator/health/providers");

    assertThat(all.json().has("components")).isFalse();
    assertThat(targets.json().path("components").properties())
        .extracting(component -> component.getKey())
        .containsExactly("targets");
    assertThat(targets.text())
        .doesNotContain(
            GatewayUnderTest.PROVIDER_KEY, GatewayUnderTest.ADMIN_KEY, gateway.home().toString());
  }

  @Test
  void a_connection_that_breaks_before_the_first_event_is_made_again() throws Exception {
    gateway.second().next(Behaviour.disconnectBeforeAnswer());

    try (SseStream stream = gateway.stream(toSecond(ask("again", STREAM)))) {
      assertThat(stream.header("x-serai-attempts")).isEqualTo("2");
      assertThat(stream.rest().getLast().done()).isTrue();
    }
    assertThat(gateway.second().calls()).hasSize(2);
  }

  @Test
  void one_that_breaks_later_ends_the_stream_with_an_error() throws Exception {
    gateway.second().next(Behaviour.cutMidStream(3));

    try (SseStream stream = gateway.stream(toSecond(ask("later", STREAM)))) {
      List<SseStream.Event> events = stream.rest();
      assertThat(events).hasSize(4);
      assertThat(events.getLast().error()).isEqualTo("provider_error");
    }
    assertThat(gateway.second().calls()).hasSize(1);
  }

  @Test
  void a_target_keeps_its_client_and_its_connections() throws Exception {
    int before = gateway.second().connections();

    for (int i = 0; i < 10; i++) {
      assertThat(gateway.chat(toSecond(ask("whole " + i))).status()).isEqualTo(200);
      try (SseStream stream = gateway.stream(toSecond(ask("stream " + i, STREAM)))) {
        stream.rest();
      }
    }

    assertThat(gateway.second().calls()).hasSize(20);
    assertThat(gateway.second().connections() - before).isLessThanOrEqualTo(2);
  }

  private static String toSecond(String request) {
    return request.replace(GatewayUnderTest.MODEL, Operated.SECOND);
  }

  private static JsonNode target(GatewayUnderTest gateway, String id) {
    return gateway
        .get("/actuator/health/providers")
        .json()
        .path("components")
        .path("targets")
        .path("details")
        .path(id);
  }
}
