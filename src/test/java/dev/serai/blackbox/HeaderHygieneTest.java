package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.KEY;
import static dev.serai.blackbox.GatewayUnderTest.PROVIDER_KEY;
import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a caller puts into headers and the query steers nothing and comes back nowhere. */
class HeaderHygieneTest {
  /** Occurs in every header and parameter that must vanish. */
  private static final String CANARY = "canary7";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());

  private static String[] hostileHeaders(FakeProvider trap) {
    return new String[] {
      "CamelHttpUri",
      trap.baseUrl() + "/" + CANARY,
      "CamelHttpPath",
      "/" + CANARY,
      "CamelHttpQuery",
      "q=" + CANARY,
      "CamelHttpMethod",
      "DELETE",
      "CamelHttpResponseCode",
      "299",
      "CamelHttpServletRequest",
      CANARY,
      "CamelFileName",
      "../" + CANARY,
      "CamelRedeliveryDelay",
      "60000",
      "CamelToEndpoint",
      "log:" + CANARY,
      "CamelBeanMethodName",
      CANARY,
      "camelhttpresponsecode",
      "298",
      "kafka.TOPIC",
      CANARY,
      "kafka.OVERRIDE_TOPIC",
      CANARY,
      "JMSReplyTo",
      CANARY,
      "JMSDestination",
      CANARY,
      "breadcrumbId",
      CANARY,
      "Set-Cookie",
      "a=" + CANARY,
      "X-Forwarded-Host",
      CANARY,
      "X-Anything",
      CANARY,
      "X-Request-Id",
      CANARY,
      "Cookie",
      "b=" + CANARY
    };
  }

  private static final String HOSTILE_QUERY =
      "?Set-Cookie=q%3Dcanary7&CamelHttpPath=%2Fcanary7&CamelHttpUri=http%3A%2F%2Fcanary7"
          + "&CamelHttpResponseCode=297&authorization=canary7&Content-Type=text%2Fcanary7"
          + "&x-serai-cache=canary7&x-serai-role=canary7&Location=canary7&kafka.TOPIC=canary7";

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void headers_of_the_integration_world_have_no_effect(String fields) {
    Answer answer =
        gateway.chat(ask("headers " + fields.length(), fields), hostileHeaders(gateway.second()));

    assertUntouched(answer);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void query_parameters_have_no_effect(String fields) {
    Answer answer =
        gateway.send(
            gateway
                .request("/v1/chat/completions" + HOSTILE_QUERY, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ask("query " + fields.length(), fields))));

    assertUntouched(answer);
  }

  private void assertUntouched(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertNotReflected(answer);
    assertThat(gateway.second().calls()).isEmpty();
    assertThat(gateway.provider().calls()).hasSize(1);
    Call call = gateway.provider().calls().getFirst();
    assertThat(call.method()).isEqualTo("POST");
    assertThat(call.path()).isEqualTo("/v1/chat/completions");
    assertThat(call.headers().toString())
        .doesNotContain(CANARY)
        .doesNotContainIgnoringCase("camel");
    assertThat(call.header("authorization")).isEqualTo("Bearer " + PROVIDER_KEY);
    assertThat(call.headers().toString()).doesNotContain(KEY);
  }

  @Test
  void the_provider_sees_only_what_the_gateway_says() {
    gateway.chat(ask("what the provider sees"), hostileHeaders(gateway.second()));

    Set<String> names = gateway.provider().calls().getFirst().headers().keySet();
    assertThat(names)
        .isSubsetOf(
            "accept",
            "accept-encoding",
            "authorization",
            "connection",
            "content-length",
            "content-type",
            "host",
            "transfer-encoding",
            "user-agent",
            "x-request-id");
  }

  @Test
  void errors_do_not_reflect_either() {
    Answer refused =
        gateway.send(
            gateway
                .request("/v1/chat/completions" + HOSTILE_QUERY, hostileHeaders(gateway.second()))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"user\":\"canary7\",\"messages\":7}")));

    refused.isErrorShaped();
    assertThat(refused.status()).isEqualTo(400);
    assertNotReflected(refused);
    assertThat(refused.text()).doesNotContain(CANARY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/models", "/v1/models/openai/gpt-4o-mini"})
  void the_list_of_models_does_not_reflect(String path) {
    Answer answer = gateway.get(path + HOSTILE_QUERY, hostileHeaders(gateway.second()));

    assertThat(answer.status()).isEqualTo(200);
    assertNotReflected(answer);
    assertThat(answer.text()).doesNotContain(CANARY);
  }

  @ParameterizedTest(name = "{index}")
  @ValueSource(strings = {"a\r\nSet-Cookie: x=canary7", "\u0000canary7", "../canary7"})
  void a_hostile_path_is_a_plain_error(String segment) {
    String path = URLEncoder.encode(segment, StandardCharsets.UTF_8);

    Answer answer = gateway.get("/v1/models/" + path);

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(400, 404);
    assertThat(answer.headers()).doesNotContainKey("set-cookie");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", STREAM})
  void headers_of_the_provider_stay_inside(String fields) {
    gateway
        .provider()
        .byDefault(
            reply ->
                reply.whole(
                    400,
                    Map.of(
                        "Content-Type",
                        "application/json",
                        "Set-Cookie",
                        "p=" + CANARY,
                        "CamelHttpResponseCode",
                        "296",
                        "openai-organization",
                        CANARY,
                        "X-Powered-By",
                        CANARY),
                    "{\"error\":{\"message\":\"no\",\"type\":\"invalid_request_error\"}}"
                        .getBytes(StandardCharsets.UTF_8)));

    Answer answer = gateway.chat(ask("provider headers", fields), "x-serai-cache", "no-store");

    assertThat(answer.status()).isEqualTo(400);
    assertNotReflected(answer);
  }

  @Test
  void keys_stay_inside_when_a_provider_reflects_them() {
    gateway
        .provider()
        .byDefault(
            reply ->
                reply.whole(
                    401,
                    Map.of("Content-Type", "application/json"),
                    "{\"error\":{\"message\":\"Incorrect API key: %s\",\"code\":\"invalid_api_key\"}}"
                        .formatted(reply.call().header("authorization"))
                        .getBytes(StandardCharsets.UTF_8)));

    Answer answer = gateway.chat(ask("wrong platform key"), "x-serai-cache", "no-store");

    answer.isError(502, "provider_error");
    assertThat(answer.text()).doesNotContain(PROVIDER_KEY);
  }

  @Test
  void the_answer_carries_only_known_headers() {
    gateway.provider().byDefault(Behaviour.answer());

    Answer answer = gateway.chat(ask("known headers"), hostileHeaders(gateway.second()));

    assertThat(answer.headers().keySet())
        .isSubsetOf(
            "cache-control",
            "connection",
            "content-length",
            "content-type",
            "date",
            "keep-alive",
            "transfer-encoding",
            "x-serai-attempts",
            "x-serai-cache",
            "x-serai-cost-usd",
            "x-serai-model",
            "x-serai-request-id",
            "x-serai-target");
  }

  private static void assertNotReflected(Answer answer) {
    assertThat(answer.headers().toString())
        .doesNotContain(CANARY)
        .doesNotContainIgnoringCase("camel")
        .doesNotContainIgnoringCase("kafka")
        .doesNotContainIgnoringCase("jms");
    assertThat(answer.headers()).doesNotContainKeys("set-cookie", "authorization", "location");
  }
}
