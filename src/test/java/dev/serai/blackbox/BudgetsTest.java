package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Behaviour;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator can say of money, and what comes of it. */
class BudgetsTest {
  private static final String BUDGETS = "/admin/v1/budgets/";
  private static final String DEV = "tenant/dev";
  private static final String CONFIGURED = "provider/anthropic";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(TenantLimitsTest.SETTINGS);

  @AfterEach
  void unlimited() {
    for (String path : List.of(DEV, CONFIGURED, "gateway/gateway", "role/limited")) {
      delete(path);
    }
  }

  private Answer put(String path, String json) {
    return gateway.send(
        gateway
            .admin(BUDGETS + path)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  private Answer get(String path) {
    return gateway.send(gateway.admin(BUDGETS + path).GET());
  }

  private Answer delete(String path) {
    return gateway.send(gateway.admin(BUDGETS + path).DELETE());
  }

  /** What is granted beyond what other tests have spent already. */
  private JsonNode grant(String path, String more) {
    String spent =
        put(path, "{\"limit_usd\":\"1000\",\"period\":\"day\"}").json().path("spent_usd").asText();
    String limit = new BigDecimal(spent).add(new BigDecimal(more)).toPlainString();
    return put(path, "{\"limit_usd\":\"%s\",\"period\":\"day\"}".formatted(limit)).json();
  }

  private static String question() {
    return ask(UUID.randomUUID().toString(), "\"max_tokens\":500");
  }

  private static BigDecimal usd(JsonNode budget, String field) {
    return new BigDecimal(budget.path(field).asText());
  }

  @Test
  void a_budget_is_shown_as_it_was_set_and_as_it_stands() {
    Answer set =
        put(
            "tenant/nobody",
            "{\"limit_usd\":\"12.5\",\"period\":\"week\",\"time_zone\":\"Europe/Berlin\","
                + "\"mode\":\"soft\",\"carry_over\":true,\"on_budget\":\"degrade\","
                + "\"currency\":\"USD\"}");

    assertThat(set.status()).as(set.text()).isEqualTo(200);
    JsonNode budget = set.json();
    assertThat(budget.path("period_starts_at").asText()).endsWith(":00:00Z");
    assertThat(Instant.parse(budget.path("resets_at").asText()))
        .isAfter(Clock.systemUTC().instant());
    assertThat(set.text())
        .startsWith(
            "{\"scope\":\"tenant\",\"id\":\"nobody\",\"source\":\"api\",\"limit_usd\":\"12.50\","
                + "\"period\":\"week\",\"time_zone\":\"Europe/Berlin\",\"mode\":\"soft\","
                + "\"carry_over\":true,\"on_budget\":\"degrade\",\"cap_usd\":\"12.50\","
                + "\"spent_usd\":\"0.00\",\"reserved_usd\":\"0.00\",\"left_usd\":\"12.50\",");
    assertThat(get("tenant/nobody").json()).isEqualTo(budget);
    assertThat(delete("tenant/nobody").json()).isEqualTo(budget);
    get("tenant/nobody").isError(404, "not_found");
    delete("tenant/nobody").isError(404, "not_found");
  }

  @Test
  void what_is_left_out_has_its_default_and_a_total_never_resets() {
    JsonNode month = put("key/none", "{\"limit_usd\":\"1\"}").json();
    assertThat(
            List.of(
                month.path("period").asText(),
                month.path("time_zone").asText(),
                month.path("mode").asText(),
                month.path("carry_over").asText(),
                month.path("on_budget").asText()))
        .containsExactly("month", "UTC", "hard", "false", "refuse");

    JsonNode total = put("key/none", "{\"limit_usd\":\"1\",\"period\":\"total\"}").json();

    assertThat(total.path("resets_at").isNull()).isTrue();
    assertThat(total.path("period_starts_at").isNull()).isTrue();
    delete("key/none");
  }

  @Test
  void the_configured_one_is_shown_stood_in_for_and_comes_back() {
    JsonNode configured = get(CONFIGURED).json();
    assertThat(configured.path("source").asText()).isEqualTo("configuration");
    assertThat(configured.path("limit_usd").asText()).isEqualTo("7.50");
    delete(CONFIGURED).isError(404, "not_found");

    assertThat(put(CONFIGURED, "{\"limit_usd\":\"3\"}").json().path("source").asText())
        .isEqualTo("api");
    JsonNode listed = gateway.send(gateway.admin("/admin/v1/budgets").GET()).json().path("data");
    delete(CONFIGURED);

    assertThat(listed)
        .extracting(each -> each.path("scope").asText() + "/" + each.path("id").asText())
        .contains(CONFIGURED)
        .isSorted();
    assertThat(get(CONFIGURED).json()).isEqualTo(configured);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                                | limit_usd
          {"limit_usd":1.00}                                | limit_usd
          {"limit_usd":"0"}                                 | limit_usd
          {"limit_usd":"-1"}                                | limit_usd
          {"limit_usd":"1e2"}                               | limit_usd
          {"limit_usd":"1000000000.01"}                     | limit_usd
          {"limit_usd":"0.0000000001"}                      | limit_usd
          {"limit_usd":"1","currency":"EUR"}                | currency
          {"limit_usd":"1","period":"year"}                 | period
          {"limit_usd":"1","time_zone":"Mars/Olympus"}      | time_zone
          {"limit_usd":"1","mode":"firm"}                   | mode
          {"limit_usd":"1","carry_over":"yes"}              | carry_over
          {"limit_usd":"1","on_budget":"panic"}             | on_budget
          {"limit_usd":"1","limit_eur":"1"}                 | limit_eur
          """)
  void what_cannot_be_granted_is_a_400_that_names_the_field(String json, String field) {
    Answer answer = put("tenant/nobody", json).isError(400, "invalid_request_error");

    assertThat(answer.json().at("/error/param").asText()).as(answer.text()).isEqualTo(field);
    get("tenant/nobody").isError(404, "not_found");
  }

  @Test
  void a_number_for_money_is_refused_with_the_advice_to_send_a_string() {
    assertThat(put(DEV, "{\"limit_usd\":1.5}").json().at("/error/message").asText())
        .contains("as a string, such as \"12.50\"");
  }

  @ParameterizedTest
  @CsvSource({"planet/mars, scope", "gateway/other, id", "tenant/a~b, id"})
  void a_subject_that_cannot_be_is_a_400(String path, String param) {
    Answer answer = put(path, "{\"limit_usd\":\"1\"}").isError(400, "invalid_request_error");

    assertThat(answer.json().at("/error/param").asText()).isEqualTo(param);
  }

  @Test
  void what_a_call_costs_is_spent_and_nothing_stays_reserved() {
    JsonNode before = grant(DEV, "1");

    Answer answer = gateway.chat(question());
    gateway.settledLedger(answer.requestId());

    JsonNode after = get(DEV).json();
    assertThat(usd(after, "spent_usd").subtract(usd(before, "spent_usd")))
        .isEqualByComparingTo(answer.header("x-serai-cost-usd"))
        .isPositive();
    assertThat(usd(after, "reserved_usd")).isZero();
  }

  @Test
  void a_call_under_way_is_reserved_with_what_it_may_cost_at_most() {
    grant(DEV, "1");
    gateway.provider().script(call -> Behaviour.slow(Duration.ofMillis(300)));
    Thread caller = Thread.startVirtualThread(() -> gateway.chat(question()));

    // 500 tokens of gpt-4o-mini at $0.60 per million, and a short prompt at $0.15.
    await().until(() -> usd(get(DEV).json(), "reserved_usd").signum() > 0);
    BigDecimal reserved = usd(get(DEV).json(), "reserved_usd");
    await().until(() -> !caller.isAlive());

    assertThat(reserved).isBetween(new BigDecimal("0.0003"), new BigDecimal("0.00032"));
    await().until(() -> usd(get(DEV).json(), "reserved_usd").signum() == 0);
  }

  @Test
  void a_call_for_which_there_is_no_room_is_402_and_never_sent() {
    JsonNode budget = grant(DEV, "0.0002");
    double refused = gateway.meter("serai_budget_refused_total{scope=\"tenant\"}");

    Answer answer = gateway.chat(question()).isError(402, "budget_exceeded");

    assertThat(answer.json().at("/error/message").asText())
        .contains("daily budget of the tenant dev")
        .contains("$0.0002 left")
        .contains("resets at " + budget.path("resets_at").asText());
    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(gateway.ledger(answer.requestId())).isEmpty();
    assertThat(gateway.meter("serai_budget_refused_total{scope=\"tenant\"}"))
        .isEqualTo(refused + 1);
    delete(DEV);
    assertThat(gateway.chat(question()).status()).isEqualTo(200);
  }

  @Test
  void changes_are_in_the_audit() {
    put("role/audited", "{\"limit_usd\":\"2\"}");
    delete("role/audited");

    JsonNode audit =
        gateway
            .send(gateway.admin("/admin/v1/audit?subject=role/audited&kind=budget").GET())
            .json()
            .path("data");

    assertThat(audit)
        .extracting(row -> row.path("action").asText())
        .containsExactly("delete", "create");
    assertThat(audit.path(1).path("after").path("limit_usd").asText()).isEqualTo("2.00");
  }
}
