package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.ledger.Difference;
import dev.serai.ledger.Reconciled;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a tenant is told of a month, and whether the ledger adds up. */
class StatementsTest {
  private static final String RECONCILIATION = "/admin/v1/reconciliation";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private final String month = YearMonth.now(ZoneId.of("Asia/Kolkata")).toString();
  private final String own = "/v1/statements/" + month + "?time_zone=Asia/Kolkata";
  private final String id = UUID.randomUUID().toString();

  @Test
  void a_call_is_on_the_statement_of_its_month() {
    JsonNode before = gateway.get(own).json().path("total");

    Answer answer = gateway.chat(ask("stated " + id));
    gateway.settledLedger(answer.requestId());

    JsonNode after = gateway.get(own).json();
    assertThat(after.at("/total/requests").asLong())
        .isEqualTo(before.path("requests").asLong() + 1);
    assertThat(usd(after.path("total")).subtract(usd(before)))
        .isEqualByComparingTo(answer.header("x-serai-cost-usd"));
    assertThat(after.path("status").asText()).isEqualTo("open");
    assertThat(after.path("lines"))
        .extracting(line -> line.path("model").asText() + " " + line.path("account").asText())
        .contains("gpt-4o-mini platform");
    BigDecimal days = BigDecimal.ZERO;
    for (JsonNode day : after.path("days")) {
      days = days.add(usd(day));
    }
    assertThat(days).isEqualByComparingTo(usd(after.path("total")));
  }

  @Test
  void operators_are_told_the_same() {
    gateway.settledLedger(gateway.chat(ask("same " + id)).requestId());

    JsonNode theirs =
        gateway
            .send(
                gateway.admin(
                    "/admin/v1/tenants/dev/statements/" + month + "?time_zone=Asia/Kolkata"))
            .json();

    assertThat(theirs.path("lines")).isNotEmpty().isEqualTo(gateway.get(own).json().path("lines"));
  }

  @Test
  void its_lines_come_as_csv_when_asked_so() {
    gateway.settledLedger(gateway.chat(ask("csv " + id)).requestId());

    Answer csv = gateway.get(own, "Accept", "text/csv");

    assertThat(csv.header("content-type")).startsWith("text/csv");
    assertThat(csv.text()).startsWith("tenant,month,status,model,provider,account,requests,");
    assertThat(csv.text().lines())
        .anyMatch(line -> line.startsWith("dev," + month + ",open,gpt-4o-mini,openai,platform,"));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-13,month",
    "2026-1,month",
    "0000-01,month",
    "yesterday,month",
    "2026-01?time_zone=Middle-earth/Shire,time_zone",
    "2026-01?tenant=dev,tenant"
  })
  void it_says_what_cannot_be_read(String asked, String parameter) {
    Answer answer = gateway.get("/v1/statements/" + asked);

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().at("/error/param").asText()).isEqualTo(parameter);
  }

  @Test
  void there_is_nothing_below_or_beside_it() {
    for (String path : List.of("x/2026-02", "dev/2026-02", "2026-02/lines")) {
      Answer answer = gateway.get("/v1/statements/" + path);

      answer.isErrorShaped();
      assertThat(answer.status()).as(path).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @CsvSource({"state,settled", "cost_state,priced"})
  void rows_of_a_state_that_is_none_are_refused(String parameter, String one) {
    String path = "/admin/v1/usage/rows?limit=1&" + parameter + "=";

    Answer refused = gateway.send(gateway.admin(path + "nonsense"));

    refused.isError(400, "invalid_request_error");
    assertThat(refused.json().at("/error/param").asText()).isEqualTo(parameter);
    assertThat(refused.json().at("/error/message").asText()).contains(one);
    assertThat(gateway.send(gateway.admin(path + one)).status()).isEqualTo(200);
  }

  @Test
  void there_is_none_of_a_tenant_that_never_was() {
    Answer answer =
        gateway.send(gateway.admin("/admin/v1/tenants/nobody-" + id + "/statements/2026-01"));

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(404);
  }

  @Test
  void operators_are_told_the_first_difference_of_each_kind() {
    List<Difference> differences =
        List.of(
            new Difference(
                Difference.Kind.BUDGET, null, "id=one", "spent_nanos=1", "spent_nanos=2"),
            new Difference(Difference.Kind.HOUR, 3L, "id=two", "requests=3", "requests=4"),
            new Difference(Difference.Kind.HOUR, 3L, "id=three", "requests=5", "requests=6"));

    gateway
        .part(Reconciled.Listener.class)
        .reconciled(new Reconciled(null, null, 1, 1, 3, 0, differences));

    await()
        .untilAsserted(
            () -> {
              JsonNode told =
                  gateway.send(gateway.admin("/admin/v1/alerts?kind=reconciliation")).json();
              assertThat(told.path("data"))
                  .extracting(alert -> alert.path("subject").asText())
                  .containsExactlyInAnyOrder("hour", "budget");
              assertThat(told.toString())
                  .contains("id=one", "spent_nanos=1", "spent_nanos=2")
                  .contains("id=two", "requests=3", "requests=4")
                  .doesNotContain("id=three");
            });
  }

  @Test
  void the_ledger_is_compared_when_an_operator_asks() {
    Answer posted = gateway.send(gateway.admin(RECONCILIATION).POST(BodyPublishers.noBody()));

    JsonNode result = posted.json();
    assertThat(posted.status()).isEqualTo(200);
    assertThat(result.path("finished_at").asText()).isNotEmpty();
    assertThat(result.path("differences").asLong()).isEqualTo(result.path("data").size());
    assertThat(gateway.send(gateway.admin(RECONCILIATION)).json()).isEqualTo(result);
  }

  private static BigDecimal usd(JsonNode sum) {
    return new BigDecimal(sum.path("cost_usd").asText());
  }
}
