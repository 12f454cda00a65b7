package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Cassette;
import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which price a call is charged at: that of its service tier, and of its tenant. */
class PricesTest {
  private static final String LIST = "sk-by-the-list";
  private static final String ACME = "sk-of-acme";
  private static final Map<String, String> TENANTS =
      Map.ofEntries(
          Map.entry("serai.tenants.plain.key-sha256[0]", GatewayKey.hashOf(LIST)),
          Map.entry("serai.tenants.acme.key-sha256[0]", GatewayKey.hashOf(ACME)),
          Map.entry("serai.tenants.acme.mark-up", "10"),
          Map.entry("serai.tenants.acme.models[0].id", "gpt-4o"),
          Map.entry("serai.tenants.acme.models[0].provider", "openai"),
          Map.entry("serai.tenants.acme.models[0].prices[0].version", "deal"),
          Map.entry("serai.tenants.acme.models[0].prices[0].source", "contract"),
          Map.entry("serai.tenants.acme.models[0].prices[0].checked", "2026-03-11"),
          Map.entry("serai.tenants.acme.models[0].prices[0].input", "2.00"),
          Map.entry("serai.tenants.acme.models[0].prices[0].output", "8.00"));
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":100,\"total_tokens\":1100}";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(TENANTS);

  /** 1,000 x 0.625 + 100 x 5.00 per million. */
  @Test
  void a_flexible_answer_costs_what_flex_does() {
    answers("\"service_tier\":\"flex\"," + USAGE);

    Answer answer = chat(LIST, "openai/gpt-5", "");

    assertThat(answer.header("x-serai-cost-usd")).isEqualTo("0.001125");
    assertThat(row(answer).costState()).isEqualTo("priced");
  }

  /** 1,000 x 4.25 + 100 x 17.00 per million. */
  @Test
  void a_stream_costs_what_its_tier_does() {
    streams(
        """
        data: {"id":"1","model":"gpt-4o","service_tier":"priority","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}

        data: {"id":"1","model":"gpt-4o","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}

        data: {"id":"1","model":"gpt-4o","choices":[],%s}

        data: [DONE]

        """
            .formatted(USAGE));

    Answer answer = chat(LIST, "openai/gpt-4o", "," + STREAM);

    assertThat(row(answer).costNanos()).isEqualTo(5_950_000);
    assertThat(row(answer).costState()).isEqualTo("priced");
  }

  @Test
  void a_stream_that_is_cut_is_estimated_at_the_price_of_its_tier() {
    streams(
        """
        data: {"id":"1","model":"gpt-4o","service_tier":"priority","choices":[{"index":0,"delta":{"content":"hi"},"finish_reason":null}]}

        """);

    LedgerRow row = row(chat(LIST, "openai/gpt-4o", "," + STREAM));

    assertThat(row.costState()).isEqualTo("estimated");
    assertThat(row.tokens().prompt()).isPositive();
    assertThat(row.tokens().completion()).isPositive();
    assertThat(row.costNanos())
        .isEqualTo(row.tokens().prompt() * 4_250 + row.tokens().completion() * 17_000);
  }

  /** 1,000 x 2.50 + 100 x 10.00, and for the other 1,000 x 2.00 + 100 x 8.00 and 10 % of it. */
  @Test
  void a_tenant_pays_its_own_price_and_its_mark_up() {
    answers(USAGE);

    Answer listed = chat(LIST, "openai/gpt-4o", "");
    Answer agreed = chat(ACME, "openai/gpt-4o", "");

    assertThat(listed.header("x-serai-cost-usd")).isEqualTo("0.0035");
    assertThat(agreed.header("x-serai-cost-usd")).isEqualTo("0.00308");
    assertThat(row(agreed).costNanos()).isEqualTo(3_080_000);
  }

  /** OpenRouter says 1,000 x 3.00 + 100 x 15.00, as the list does. */
  @Test
  void a_mark_up_is_no_difference_to_the_providers_own_cost() {
    String meter = "serai_cost_deviations_total{target=\"openrouter\"}";
    double before = gateway.meter(meter);
    gateway
        .second()
        .byDefault(Behaviour.json(200, completion(USAGE.replace("}", ",\"cost\":0.0045}"))));

    Answer answer = chat(ACME, "openrouter/anthropic/claude-sonnet-4", "");

    assertThat(row(answer).costNanos()).isEqualTo(4_950_000);
    assertThat(gateway.meter(meter)).isEqualTo(before);
  }

  private void answers(String fields) {
    gateway.provider().byDefault(Behaviour.json(200, completion(fields)));
  }

  private static String completion(String fields) {
    return """
    {"id":"1","object":"chat.completion","model":"m","choices":[{"index":0,"message":\
    {"role":"assistant","content":"hi"},"finish_reason":"stop"}],%s}\
    """
        .formatted(fields);
  }

  private void streams(String events) {
    gateway
        .provider()
        .byDefault(
            Behaviour.cassette(
                new Cassette(
                    "stream",
                    "openai",
                    "POST",
                    "/v1/chat/completions",
                    JsonNodeFactory.instance.objectNode(),
                    200,
                    Map.of("content-type", "text/event-stream"),
                    events.getBytes(UTF_8))));
  }

  private Answer chat(String key, String model, String fields) {
    String body =
        "{\"model\":\"%s\"%s,\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}"
            .formatted(model, fields);
    return gateway.send(
        gateway
            .request(
                "/v1/chat/completions",
                "Content-Type",
                "application/json",
                "x-serai-cache",
                "no-store")
            .setHeader("Authorization", "Bearer " + key)
            .POST(BodyPublishers.ofString(body)));
  }

  private LedgerRow row(Answer answer) {
    return gateway.settledLedger(answer.requestId()).getLast();
  }
}
