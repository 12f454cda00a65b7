package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static dev.serai.blackbox.Tenancy.TENANTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants over the admin API; the tenant {@code house} is one of the configuration. */
class TenantAdminTest {
  static final Map<String, String> HOUSE =
      Map.of(
          "serai.tenants.house.name",
          "The house",
          "serai.tenants.house.key-sha256[0]",
          GatewayKey.hashOf("key-of-the-house"));

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(HOUSE);
  private final Tenancy admin = new Tenancy(gateway);
  private final String id = "t-" + UUID.randomUUID();

  private static JsonNode error(Answer answer) {
    return answer.json().path("error");
  }

  @Test
  void a_tenant_is_made_shown_changed_and_deleted() {
    Answer made =
        admin.post(
            TENANTS, "{\"id\":\"%s\",\"name\":\"Acme\",\"tier\":\"standard\"}".formatted(id));
    Answer shown = admin.get(TENANTS + "/" + id);
    Answer changed = admin.send("PATCH", TENANTS + "/" + id, "{\"tier\":\"trial\"}");
    Answer deleted = admin.delete(TENANTS + "/" + id);

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().path("name").asText()).isEqualTo("Acme");
    assertThat(made.json().path("tier").asText()).isEqualTo("standard");
    assertThat(made.json().path("created_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(shown.json()).isEqualTo(made.json());
    assertThat(changed.status()).isEqualTo(200);
    assertThat(changed.json().path("tier").asText()).isEqualTo("trial");
    assertThat(changed.json().path("name").asText()).isEqualTo("Acme");
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    admin.get(TENANTS + "/" + id).isError(404, "not_found");
    admin.delete(TENANTS + "/" + id).isError(404, "not_found");
    admin.send("PATCH", TENANTS + "/" + id, "{\"name\":\"x\"}").isError(404, "not_found");
  }

  @Test
  void a_tenant_needs_no_more_than_an_id() {
    JsonNode made = admin.post(TENANTS, "{\"id\":\"" + id + "\",\"name\":null}").json();

    assertThat(made.path("name").asText()).isEqualTo(id);
    assertThat(made.path("tier").asText()).isEqualTo("trial");
  }

  @Test
  void an_id_is_taken_once() {
    admin.make(id);

    admin.post(TENANTS, "{\"id\":\"" + id + "\"}").isError(409, "already_exists");
    admin.post(TENANTS, "{\"id\":\"house\"}").isError(409, "already_exists");
  }

  @Test
  void tenants_are_listed_in_pages_those_of_the_configuration_first() {
    for (int i = 0; i < 5; i++) {
      admin.make(id + i);
    }
    Set<String> listed = new HashSet<>();
    JsonNode page = admin.get(TENANTS + "?limit=2").json();
    assertThat(page.path("data").get(0).path("source").asText()).isEqualTo("configuration");
    assertThat(page.path("data")).hasSize(3);

    page.path("data").forEach(tenant -> listed.add(tenant.path("id").asText()));
    while (page.hasNonNull("next")) {
      page = admin.get(TENANTS + "?limit=2&cursor=" + page.path("next").asText()).json();
      page.path("data").forEach(tenant -> listed.add(tenant.path("id").asText()));
    }

    assertThat(listed).contains("house", id + 0, id + 1, id + 2, id + 3, id + 4);
  }

  @Test
  void what_is_configured_can_only_be_read() {
    Answer shown = admin.get(TENANTS + "/house");
    JsonNode key = admin.get(Tenancy.keys("house")).json().path("data").get(0);
    String path = Tenancy.keys("house") + "/" + key.path("id").asText();

    assertThat(shown.json().path("name").asText()).isEqualTo("The house");
    assertThat(key.path("source").asText()).isEqualTo("configuration");
    for (Answer refused :
        new Answer[] {
          admin.send("PATCH", TENANTS + "/house", "{\"name\":\"x\"}"),
          admin.delete(TENANTS + "/house"),
          admin.post(Tenancy.keys("house"), "{}"),
          admin.post(path + "/rotate", "{}"),
          admin.delete(path)
        }) {
      refused.isError(409, "read_only");
      assertThat(error(refused).path("message").asText()).contains("config/tenants.yaml");
    }
    assertThat(admin.models("key-of-the-house").status()).isEqualTo(200);
  }

  @Test
  void a_tenant_goes_with_all_that_is_kept_of_it_but_its_costs() {
    admin.make(id);
    String key = admin.key(id);
    Answer said =
        gateway.send(
            gateway
                .request("/v1/chat/completions", Talk.HEADER, "same")
                .setHeader("Authorization", "Bearer " + key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(ask("remember " + id))));
    assertThat(said.status()).as(said.text()).isEqualTo(200);
    admin.chat(ask("cached " + id), key);
    gateway.settledLedger(said.requestId());

    assertThat(admin.delete(TENANTS + "/" + id).status()).isEqualTo(204);

    admin.models(key).isError(401, "invalid_api_key");
    assertThat(gateway.ledger(said.requestId())).hasSize(1);
    admin.make(id);
    String again = admin.key(id);
    admin.get("/v1/conversations/same", again).isError(404, "not_found");
    assertThat(admin.chat(ask("cached " + id), again).cache()).isEqualTo("miss");
    assertThat(admin.get(Tenancy.keys(id)).json().path("data")).hasSize(1);
  }

  @Test
  void a_report_that_is_refused_is_no_refused_call() {
    admin.make(id);
    String key = admin.key(id);

    admin.get("/v1/usage?tenant=house", key).isError(400, "invalid_request_error");
    admin.get("/v1/statements/yesterday", key).isError(400, "invalid_request_error");
    admin.chat("{\"model\":\"there-is-none\"}", key).isErrorShaped();

    String usage = "/admin/v1/usage?tenant=" + id;
    await().until(() -> refused(usage) > 0);
    assertThat(refused(usage)).isOne();
  }

  private long refused(String usage) {
    return admin.get(usage).json().at("/total/refused").asLong();
  }

  @Test
  void a_limit_that_was_set_before_its_tenant_holds_for_it() {
    String limit = "/admin/v1/limits/tenant/" + id;
    assertThat(admin.send("PUT", limit, "{\"requests_per_minute\":1}").status()).isEqualTo(200);

    admin.make(id);
    String key = admin.key(id);

    assertThat(admin.chat(ask("one " + id), key).status()).isEqualTo(200);
    admin.chat(ask("two " + id), key).isError(429, "rate_limit_exceeded");
    admin.delete(TENANTS + "/" + id);
    admin.get(limit).isError(404, "not_found");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{} ; id",
        "{\"id\":null} ; id",
        "{\"id\":7} ; id",
        "{\"id\":\"\"} ; id",
        "{\"id\":\"a b\"} ; id",
        "{\"id\":\"a/b\"} ; id",
        "{\"id\":\"..%2f\"} ; id",
        "{\"id\":\"\\u0000\"} ; id",
        "{\"id\":\"Ünï\"} ; id",
        "{\"id\":\"dev\"} ; id",
        "{\"id\":\"ok\",\"name\":\"\"} ; name",
        "{\"id\":\"ok\",\"name\":\"a\\nb\"} ; name",
        "{\"id\":\"ok\",\"name\":\"\\ud800\"} ; name",
        "{\"id\":\"ok\",\"name\":[\"x\"]} ; name",
        "{\"id\":\"ok\",\"tier\":\"gold\"} ; tier",
        "{\"id\":\"ok\",\"colour\":\"red\"} ; colour",
      })
  void names_the_field_that_is_wrong_and_makes_nothing(String json, String field) {
    Answer answer = admin.post(TENANTS, json);

    answer.isError(400, "invalid_request_error");
    assertThat(error(answer).path("param").asText()).isEqualTo(field);
    admin.get(TENANTS + "/ok").isError(404, "not_found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[]",
        "null",
        "7",
        "{\"id\":\"ok\"",
        "{\"id\":\"ok\"} {}",
        "{\"id\":\"ok\",\"id\":\"ok\"}",
        "\u0001"
      })
  void refuses_what_is_not_one_object(String json) {
    admin.post(TENANTS, json).isError(400, "invalid_json");
    admin.get(TENANTS + "/ok").isError(404, "not_found");
  }

  @Test
  void refuses_a_name_of_a_megabyte_a_body_that_is_not_json_and_a_change_of_nothing() {
    String megabyte = "x".repeat(1 << 20);
    admin.make(id);

    admin
        .post(TENANTS, "{\"id\":\"ok\",\"name\":\"" + megabyte + "\"}")
        .isError(413, "request_too_large");
    admin
        .post(TENANTS, "{\"id\":\"" + "x".repeat(60_000) + "\"}")
        .isError(400, "invalid_request_error");
    gateway
        .send(gateway.admin(TENANTS).POST(BodyPublishers.ofString("{\"id\":\"ok\"}")))
        .isError(415, "unsupported_media_type");
    admin.send("PATCH", TENANTS + "/" + id, "{}").isError(400, "invalid_request_error");
    Answer fixed = admin.send("PATCH", TENANTS + "/" + id, "{\"id\":\"other\"}");
    assertThat(error(fixed).path("param").asText()).isEqualTo("id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a%20b", "a%00b", "%C3%9Cn%C3%AF", "a%2Fb", "..%2F..", "'%20or%20'1'='1"})
  void an_odd_id_in_a_path_is_nobody(String odd) {
    for (String path : new String[] {TENANTS + "/" + odd, Tenancy.keys(odd)}) {
      assertThat(admin.get(path).isErrorShaped().status()).isBetween(400, 404);
    }
    assertThat(admin.delete(TENANTS + "/" + odd).isErrorShaped().status()).isBetween(400, 404);
    assertThat(admin.delete(Tenancy.keys(id) + "/" + odd).isErrorShaped().status())
        .isBetween(400, 404);
  }

  @Test
  void every_change_is_in_the_audit_without_secrets() {
    admin.make(id);
    JsonNode key = admin.key(id, "{\"name\":\"ci\",\"roles\":[\"rag\"]}");
    String keyId = key.path("id").asText();
    admin.send("PATCH", TENANTS + "/" + id, "{\"name\":\"Renamed\"}");
    admin.delete(Tenancy.keys(id) + "/" + keyId);
    admin.delete(TENANTS + "/" + id);

    JsonNode tenant = admin.get("/admin/v1/audit?subject=" + id).json();
    Answer ofKey = admin.get("/admin/v1/audit?kind=gateway_key&subject=" + keyId);

    assertThat(tenant.path("data"))
        .extracting(row -> row.path("actor").asText() + " " + row.path("action").asText())
        .containsExactly("admin-key delete", "admin-key update", "admin-key create");
    JsonNode update = tenant.path("data").get(1);
    assertThat(update.path("kind").asText()).isEqualTo("tenant");
    assertThat(update.path("before").path("name").asText()).isEqualTo(id);
    assertThat(update.path("after").path("name").asText()).isEqualTo("Renamed");
    assertThat(tenant.path("data").get(0).path("after").isNull()).isTrue();
    assertThat(ofKey.json().path("data"))
        .extracting(row -> row.path("action").asText())
        .containsExactly("revoke", "create");
    assertThat(ofKey.json().path("data").get(1).path("after").path("roles").get(0).asText())
        .isEqualTo("rag");
    assertThat(ofKey.text())
        .doesNotContain(key.path("key").asText())
        .doesNotContain(GatewayKey.hashOf(key.path("key").asText()));
    JsonNode page = admin.get("/admin/v1/audit?limit=1&subject=" + id).json();
    JsonNode next =
        admin
            .get("/admin/v1/audit?limit=1&subject=" + id + "&cursor=" + page.path("next").asText())
            .json();
    assertThat(next.path("data").get(0).path("action").asText()).isEqualTo("update");
    assertThat(admin.get("/admin/v1/audit?from=2999-01-01").json().path("data")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"from=soon", "cursor=x", "subject=a%00b", "to=%2B1000000-01-01T00:00:00Z"})
  void says_which_parameter_of_the_audit_cannot_be_read(String query) {
    Answer answer = admin.get("/admin/v1/audit?" + query);

    answer.isError(400, "invalid_request_error");
    assertThat(query).startsWith(error(answer).path("param").asText() + "=");
  }

  @Test
  void a_gateway_key_opens_none_of_it() {
    for (String path : new String[] {TENANTS, Tenancy.keys("house"), "/admin/v1/audit"}) {
      admin.get(path, "key-of-the-house").isError(401, "invalid_api_key");
    }
  }
}
