package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Tokens;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the operator can ask. */
class AdminTest {
  private static final String USAGE = "/admin/v1/usage";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private final String id = UUID.randomUUID().toString();

  @Test
  void usage_adds_up_by_tenant_and_model() {
    JsonNode before = admin(USAGE).json().path("total");
    Answer answer = gateway.chat(ask("count " + id));
    gateway.settledLedger(answer.requestId());
    Tokens tokens = Objects.requireNonNull(gateway.provider().calls().getFirst().tokens());

    JsonNode report = admin(USAGE + "?group_by=tenant,model&tenant=dev").json();

    JsonNode total = report.path("total");
    assertThat(more(before, total, "requests")).isEqualTo(1);
    assertThat(more(before, total, "input_tokens")).isEqualTo(tokens.prompt());
    assertThat(more(before, total, "output_tokens")).isEqualTo(tokens.completion());
    assertThat(usd(total).subtract(usd(before)))
        .isEqualByComparingTo(answer.header("x-serai-cost-usd"));
    assertThat(report.path("data"))
        .extracting(row -> row.path("tenant").asText() + " " + row.path("model").asText())
        .contains("dev gpt-4o-mini");
  }

  @Test
  void usage_counts_answers_from_the_cache_apart() {
    gateway.chat(ask("again " + id));
    JsonNode before = admin(USAGE).json().path("total");

    assertThat(gateway.chat(ask("again " + id)).cache()).isEqualTo("hit");

    await().until(() -> more(before, admin(USAGE).json().path("total"), "cache_hits") == 1);
    assertThat(more(before, admin(USAGE).json().path("total"), "requests")).isZero();
  }

  @Test
  void usage_comes_as_csv_when_asked_so() {
    gateway.settledLedger(gateway.chat(ask("csv " + id)).requestId());

    Answer csv = admin(USAGE + "?group_by=model", "Accept", "text/csv");

    assertThat(csv.header("content-type")).startsWith("text/csv");
    assertThat(csv.text().lines().findFirst())
        .contains("model,requests,input_tokens,output_tokens,cost_usd,unpriced,cache_hits,refused");
    assertThat(csv.text().lines())
        .anyMatch(line -> line.matches("gpt-4o-mini,\\d+,.*,0\\.\\d+,.*"));
  }

  @Test
  void rows_come_in_pages_the_newest_first() {
    Set<String> asked = new HashSet<>();
    for (int i = 0; i < 5; i++) {
      String requestId = gateway.chat(ask("page " + i + " " + id)).requestId();
      gateway.settledLedger(requestId);
      asked.add(requestId);
    }

    JsonNode first = admin(USAGE + "/rows?limit=3").json();
    JsonNode second = admin(USAGE + "/rows?limit=3&cursor=" + first.path("next").asText()).json();

    Set<String> listed = new HashSet<>();
    first.path("data").forEach(row -> listed.add(row.path("request_id").asText()));
    assertThat(listed).hasSize(3).isSubsetOf(asked);
    second.path("data").forEach(row -> listed.add(row.path("request_id").asText()));
    assertThat(listed).hasSizeGreaterThanOrEqualTo(5).containsAll(asked);
  }

  @Test
  void one_row_says_everything_but_the_prompt() {
    String requestId = gateway.chat(ask("secret " + id)).requestId();
    gateway.settledLedger(requestId);

    Answer rows = admin(USAGE + "/rows?request_id=" + requestId);

    JsonNode row = rows.json().path("data").path(0);
    assertThat(rows.json().path("data")).hasSize(1);
    assertThat(rows.json().path("next").isNull()).isTrue();
    assertThat(row.path("state").asText()).isEqualTo("settled");
    assertThat(row.path("id").isTextual()).isTrue();
    assertThat(row.path("cost_usd").asText()).matches("0\\.\\d+");
    assertThat(row.path("created_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(rows.text()).doesNotContain(id);
  }

  @Test
  void rows_can_be_narrowed_to_nothing() {
    gateway.chat(ask("narrow " + id));

    assertThat(admin(USAGE + "/rows?tenant=nobody").json().path("data")).isEmpty();
    assertThat(admin(USAGE + "/rows?to=2020-01-01").json().path("data")).isEmpty();
    assertThat(total("?from=2999-01-01T00:00:00Z")).isZero();
    assertThat(total("?to=9999-12-31")).isPositive();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"?group_by=colour", "?from=yesterday", "?to=2026-13-01", "/rows?cursor=x"})
  void says_which_parameter_cannot_be_read(String query) {
    Answer answer = admin(USAGE + query);

    answer.isError(400, "invalid_request_error");
    assertThat(query).contains(answer.json().path("error").path("param").asText() + "=");
  }

  @Test
  void the_cache_forgets_what_it_is_told_to() {
    gateway.chat(ask("forget " + id));

    Answer others = delete("/admin/v1/cache?tenant=nobody");
    Answer ours = delete("/admin/v1/cache?tenant=dev&model=openai/gpt-4o-mini");

    assertThat(others.json().path("removed").asInt()).isZero();
    assertThat(ours.json().path("removed").asInt()).isPositive();
    assertThat(gateway.chat(ask("forget " + id)).cache()).isEqualTo("miss");
  }

  @Test
  void a_gateway_key_does_not_open_it() {
    gateway.get(USAGE).isError(401, "invalid_api_key");
  }

  private Answer admin(String path, String... headers) {
    return gateway.send(
        gateway
            .request(path, headers)
            .setHeader("Authorization", "Bearer " + GatewayUnderTest.ADMIN_KEY));
  }

  private Answer delete(String path) {
    return gateway.send(
        gateway
            .request(path)
            .setHeader("Authorization", "Bearer " + GatewayUnderTest.ADMIN_KEY)
            .DELETE());
  }

  private long total(String query) {
    return admin(USAGE + query).json().path("total").path("requests").asLong();
  }

  private static long more(JsonNode before, JsonNode after, String field) {
    return after.path(field).asLong() - before.path(field).asLong();
  }

  private static BigDecimal usd(JsonNode sum) {
    return new BigDecimal(sum.path("cost_usd").asText());
  }
}
