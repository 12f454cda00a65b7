package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a caller can see of its own usage. */
class OwnUsageTest {
  private static final String USAGE = "/v1/usage";

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private final String id = UUID.randomUUID().toString();

  @Test
  void it_adds_up_what_was_called() {
    JsonNode before = gateway.get(USAGE).json().path("total");

    Answer answer = gateway.chat(ask("own " + id));
    gateway.settledLedger(answer.requestId());

    JsonNode after = gateway.get(USAGE).json().path("total");
    assertThat(after.path("requests").asLong() - before.path("requests").asLong()).isEqualTo(1);
    assertThat(usd(after).subtract(usd(before)))
        .isEqualByComparingTo(answer.header("x-serai-cost-usd"));
  }

  @Test
  void it_has_the_form_that_operators_see() {
    gateway.settledLedger(gateway.chat(ask("form " + id)).requestId());
    String query = "?group_by=model,entry&group_by=day&from=2026-01-01&to=9999-12-31";

    Answer own = gateway.get(USAGE + query);
    Answer theirs = gateway.send(gateway.admin("/admin/v1/usage" + query + "&tenant=dev"));

    assertThat(own.json().path("data")).isNotEmpty();
    assertThat(own.json()).isEqualTo(theirs.json());
    assertThat(own.header("content-type")).isEqualTo("application/json");
  }

  @Test
  void it_comes_as_csv_when_asked_so() {
    gateway.settledLedger(gateway.chat(ask("csv " + id)).requestId());

    Answer csv = gateway.get(USAGE + "?group_by=model", "Accept", "text/csv");

    assertThat(csv.header("content-type")).startsWith("text/csv");
    assertThat(csv.text()).startsWith("model,requests,");
    assertThat(csv.text().lines()).anyMatch(line -> line.startsWith("gpt-4o-mini,"));
  }

  @ParameterizedTest
  @CsvSource({
    "group_by=colour,group_by",
    "from=yesterday,from",
    "to=2026-13-01,to",
    "tenant=dev,tenant",
    "tenant=,tenant"
  })
  void it_says_which_parameter_is_wrong(String query, String parameter) {
    Answer answer = gateway.get(USAGE + "?" + query);

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().at("/error/param").asText()).isEqualTo(parameter);
  }

  @Test
  void it_wants_a_key_and_takes_no_other_method() {
    gateway
        .send(gateway.request(USAGE).setHeader("Authorization", "Bearer wrong"))
        .isError(401, "invalid_api_key");
    Answer posted =
        gateway.send(
            gateway
                .request(USAGE, "Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{}")));
    posted.isErrorShaped();
    assertThat(posted.status()).isEqualTo(405);
  }

  @Test
  void a_parameter_that_is_no_utf8_is_the_callers_mistake() throws Exception {
    Answer answer =
        RawHttp.send(
            gateway.port(),
            "GET /v1/usage?from=%zz HTTP/1.1\nAuthorization: Bearer " + GatewayUnderTest.KEY,
            out -> {});

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(400);
  }

  private static BigDecimal usd(JsonNode sum) {
    return new BigDecimal(sum.path("cost_usd").asText());
  }
}
