package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.provider.Behaviour;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gateway key opens, for how long, and what happens to all the others. */
class GatewayKeyTest {
  private final GatewayUnderTest gateway = GatewayUnderTest.shared(TenantAdminTest.HOUSE);
  private final Tenancy admin = new Tenancy(gateway);
  private final String id = "t-" + UUID.randomUUID();

  @BeforeEach
  void tenant() {
    admin.make(id);
  }

  @Test
  void a_key_is_shown_once_and_opens_the_gateway() {
    JsonNode made = admin.key(id, "{\"name\":\"ci\",\"roles\":null,\"expires_at\":null}");
    String key = made.path("key").asText();

    Answer answer = admin.chat(ask("for " + id), key);
    Answer listed = admin.get(Tenancy.keys(id));

    assertThat(key).matches("sk-serai-[0-9A-Za-z]{43}");
    assertThat(key).startsWith(made.path("prefix").asText());
    assertThat(made.path("prefix").asText()).matches("sk-serai-[0-9A-Za-z]{4}");
    assertThat(answer.status()).isEqualTo(200);
    gateway.settledLedger(answer.requestId());
    assertThat(
            admin
                .get("/admin/v1/usage/rows?request_id=" + answer.requestId())
                .json()
                .path("data")
                .get(0)
                .path("tenant_id")
                .asText())
        .isEqualTo(id);
    assertThat(listed.json().path("data").get(0).path("name").asText()).isEqualTo("ci");
    assertThat(listed.text()).doesNotContain(key).doesNotContain("hash");
  }

  @Test
  void no_other_key_opens_it_and_all_are_told_the_same() {
    JsonNode revoked = admin.key(id, "{}");
    String soon = Instant.now().plusMillis(1500).toString();
    String expiring = admin.key(id, "{\"expires_at\":\"" + soon + "\"}").path("key").asText();
    assertThat(admin.models(expiring).status()).isEqualTo(200);
    admin.delete(Tenancy.keys(id) + "/" + revoked.path("id").asText());
    await().atMost(Duration.ofSeconds(20)).until(() -> admin.models(expiring).status() == 401);
    List<String> wrong = new ArrayList<>();
    wrong.add(expiring);
    wrong.add(revoked.path("key").asText());
    wrong.add("sk-serai-" + "A".repeat(43));
    wrong.add("sk-serai-" + "A".repeat(42));
    wrong.add("sk-serai-dev");
    wrong.add(revoked.path("prefix").asText());
    wrong.add("x".repeat(30_000));
    wrong.add("' or '1'='1");

    List<String> told = new ArrayList<>();
    for (String key : wrong) {
      told.add(admin.models(key).isError(401, "invalid_api_key").text());
      told.add(admin.chat(ask("no"), key).isError(401, "invalid_api_key").text());
    }

    assertThat(told).containsOnly(told.getFirst());
    Answer megabyte = admin.models("x".repeat(1 << 20));
    assertThat(megabyte.isErrorShaped().status()).isEqualTo(431);
  }

  @Test
  void a_key_of_one_role_asks_for_nothing_else() {
    String key = admin.key(id, "{\"name\":\"ci\",\"roles\":[\"rag\"]}").path("key").asText();

    assertThat(admin.models(key).json().path("data"))
        .extracting(model -> model.path("id").asText())
        .containsExactly("rag");
    assertThat(admin.get("/v1/models/rag", key).status()).isEqualTo(200);
    assertThat(admin.chat(ask("yes " + id).replace(GatewayUnderTest.MODEL, "rag"), key).status())
        .isEqualTo(200);
    int calls = gateway.provider().calls().size();
    Answer unknown = admin.chat(ask("no").replace(GatewayUnderTest.MODEL, "no-such-model"), key);
    for (String model : new String[] {"gpt-4-turbo", "openai/gpt-4-turbo", "default", "hybrid"}) {
      Answer refused = admin.chat(ask("no").replace(GatewayUnderTest.MODEL, model), key);
      refused.isError(404, "model_not_found");
      assertThat(refused.text()).isEqualTo(unknown.text());
      admin.get("/v1/models/" + model, key).isError(404, "model_not_found");
      admin
          .post("/v1/tokens", ask("hi").replace(GatewayUnderTest.MODEL, model), key)
          .isError(404, "model_not_found");
    }
    admin
        .chat(ask("no").replaceFirst("\"model\":\"[^\"]*\",", ""), key)
        .isError(404, "model_not_found");
    admin.post("/v1/embeddings", "{\"input\":\"x\"}", key).isError(404, "model_not_found");
    assertThat(gateway.provider().calls()).hasSize(calls);
  }

  @Test
  void a_list_may_mix_roles_and_models() {
    String key =
        admin
            .key(id, "{\"roles\":[\"rag\",\"gpt-4o\"],\"models\":[\"openai/gpt-4o-mini\"]}")
            .path("key")
            .asText();

    assertThat(admin.models(key).json().path("data"))
        .extracting(model -> model.path("id").asText())
        .contains("rag", "gpt-4o", "openai/gpt-4o", "openai/gpt-4o-mini")
        .doesNotContain("default", "gpt-4-turbo", "hybrid");
    assertThat(admin.chat(ask("mini " + id), key).status()).isEqualTo(200);
  }

  @Test
  void a_key_is_rotated_with_an_overlap() {
    JsonNode old = admin.key(id, "{\"name\":\"ci\",\"roles\":[\"rag\"]}");
    String path = Tenancy.keys(id) + "/" + old.path("id").asText();

    Answer rotated = admin.post(path + "/rotate", "{\"overlap\":\"PT2S\"}");

    assertThat(rotated.status()).as(rotated.text()).isEqualTo(201);
    JsonNode made = rotated.json();
    assertThat(made.path("name").asText()).isEqualTo("ci");
    assertThat(made.path("roles").get(0).asText()).isEqualTo("rag");
    assertThat(made.path("expires_at").isNull()).isTrue();
    assertThat(made.path("replaces").path("id")).isEqualTo(old.path("id"));
    assertThat(made.path("replaces").path("replaced_by")).isEqualTo(made.path("id"));
    assertThat(rotated.text()).doesNotContain(old.path("key").asText());
    assertThat(admin.models(made.path("key").asText()).status()).isEqualTo(200);
    assertThat(admin.models(old.path("key").asText()).status()).as("both").isEqualTo(200);
    admin.post(path + "/rotate", "{}").isError(409, "not_rotatable");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> admin.models(old.path("key").asText()).status() == 401);
    assertThat(admin.models(made.path("key").asText()).status()).isEqualTo(200);
  }

  @Test
  void the_limits_of_a_key_hold_for_the_one_that_takes_its_place() {
    String old = admin.key(id, "{}").path("id").asText();
    String limits = "/admin/v1/limits/key/";
    admin.send("PUT", limits + old, "{\"requests_per_minute\":1,\"concurrency\":7}");

    JsonNode made = admin.post(Tenancy.keys(id) + "/" + old + "/rotate", "{}").json();

    Answer limit = admin.get(limits + made.path("id").asText());
    assertThat(limit.status()).as(limit.text()).isEqualTo(200);
    assertThat(limit.json().path("concurrency").asInt()).isEqualTo(7);
    String key = made.path("key").asText();
    assertThat(admin.chat(ask("one " + id), key).status()).isEqualTo(200);
    admin.chat(ask("two " + id), key).isError(429, "rate_limit_exceeded");
    admin.delete(Tenancy.keys(id) + "/" + old);
    assertThat(admin.get(limits + made.path("id").asText()).status()).isEqualTo(200);
  }

  @Test
  void what_the_limit_of_one_key_refuses_is_not_refused_to_another_that_waits_for_it()
      throws Exception {
    JsonNode limited = admin.key(id, "{}");
    String free = admin.key(id);
    String same = ask("at the same time " + id);
    gateway.provider().next(Behaviour.slow(Duration.ofSeconds(2), Behaviour.status(500)));

    List<Answer> answers =
        Together.run(
            3,
            i -> {
              if (i == 0) {
                return admin.chat(same, limited.path("key").asText());
              }
              await().until(() -> !gateway.provider().calls().isEmpty());
              return i == 1
                  ? admin.chat(same, free)
                  : admin.send(
                      "PUT",
                      "/admin/v1/limits/key/" + limited.path("id").asText(),
                      "{\"tokens_per_minute\":1}");
            });

    answers.get(0).isError(429, "rate_limit_exceeded");
    assertThat(answers.get(1).status()).as(answers.get(1).text()).isEqualTo(200);
    assertThat(gateway.provider().calls()).hasSize(2);
  }

  @Test
  void without_an_overlap_the_old_key_ends_at_once() {
    JsonNode old = admin.key(id, "{}");
    String path = Tenancy.keys(id) + "/" + old.path("id").asText();
    assertThat(admin.models(old.path("key").asText()).status()).isEqualTo(200);

    assertThat(admin.post(path + "/rotate", "{\"overlap_seconds\":0}").status()).isEqualTo(201);

    admin.models(old.path("key").asText()).isError(401, "invalid_api_key");
  }

  @Test
  void a_key_of_another_tenant_is_nobodys() {
    admin.make(id + "-2");
    JsonNode theirs = admin.key(id + "-2", "{}");
    String path = Tenancy.keys(id) + "/" + theirs.path("id").asText();

    admin.delete(path).isError(404, "not_found");
    admin.post(path + "/rotate", "{}").isError(404, "not_found");

    assertThat(admin.models(theirs.path("key").asText()).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"name\":7} ; name",
        "{\"name\":\"a\\u0007\"} ; name",
        "{\"roles\":\"rag\"} ; roles",
        "{\"roles\":[7]} ; roles",
        "{\"roles\":[]} ; roles",
        "{\"roles\":[\"rag\",\"raag\"]} ; roles",
        "{\"models\":[\"nowhere/gpt\"]} ; models",
        "{\"expires_at\":\"tomorrow\"} ; expires_at",
        "{\"expires_at\":\"2020-01-01T00:00:00Z\"} ; expires_at",
        "{\"expires_at\":\"+999999999-01-01T00:00:00Z\"} ; expires_at",
        "{\"expires_at\":1893456000} ; expires_at",
        "{\"key\":\"sk-mine\"} ; key",
      })
  void names_the_field_that_is_wrong_and_makes_no_key(String json, String field) {
    Answer answer = admin.post(Tenancy.keys(id), json);

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().path("error").path("param").asText()).isEqualTo(field);
    assertThat(admin.get(Tenancy.keys(id)).json().path("data")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{\"overlap\":\"1h\"} ; overlap",
        "{\"overlap\":\"-PT1H\"} ; overlap",
        "{\"overlap\":\"P31D\"} ; overlap",
        "{\"overlap\":\"PT1H\",\"overlap_seconds\":1} ; overlap",
        "{\"overlap_seconds\":-1} ; overlap_seconds",
        "{\"overlap_seconds\":1.5} ; overlap_seconds",
        "{\"expires_at\":\"2020-01-01T00:00:00Z\"} ; expires_at",
      })
  void names_the_field_that_is_wrong_and_rotates_nothing(String json, String field) {
    JsonNode key = admin.key(id, "{}");

    Answer answer = admin.post(Tenancy.keys(id) + "/" + key.path("id").asText() + "/rotate", json);

    answer.isError(400, "invalid_request_error");
    assertThat(answer.json().path("error").path("param").asText()).isEqualTo(field);
    assertThat(admin.get(Tenancy.keys(id)).json().path("data")).hasSize(1);
  }

  @Test
  void a_key_that_was_used_before_costs_no_query() {
    try (GatewayUnderTest alone = GatewayUnderTest.start(Map.of())) {
      Tenancy tenancy = new Tenancy(alone);
      List<String> heard = new CopyOnWriteArrayList<>();
      alone.part(Changes.class).listen(Kind.GATEWAY_KEY, heard::add);
      tenancy.make(id);
      JsonNode made = tenancy.key(id, "{}");
      String key = made.path("key").asText();
      await().alias("heard when it was made").until(() -> heard.contains(made.path("id").asText()));
      assertThat(tenancy.models(key).status()).isEqualTo(200);

      ((HikariDataSource) alone.part(DataSource.class)).close();

      assertThat(tenancy.models(key).status()).isEqualTo(200);
      tenancy.models("sk-serai-nonsense").isError(401, "invalid_api_key");
      Answer unknown = tenancy.models("sk-serai-" + "A".repeat(43));
      unknown.isError(503, "no_target_available");
      tenancy.get(Tenancy.TENANTS).isError(503, "no_target_available");
      tenancy.post(Tenancy.keys(id), "{}").isError(503, "no_target_available");
    }
  }
}
