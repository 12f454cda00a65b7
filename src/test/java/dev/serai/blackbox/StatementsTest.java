package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.YearMonth;
import java.time.ZoneId;
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
  void there_is_none_of_a_tenant_that_never_was() {
    Answer answer =
        gateway.send(gateway.admin("/admin/v1/tenants/nobody-" + id + "/statements/2026-01"));

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(404);
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
