package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.provider.Bedrock;
import dev.serai.provider.Behaviour;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** What is wrong with a tenant's own key stays its own matter, and nobody sees the key. */
@ExtendWith(OutputCaptureExtension.class)
class OwnKeysTroubleTest {
  private static final String PLATFORM = "Bearer " + GatewayUnderTest.PROVIDER_KEY;
  private static final String GPT = GatewayUnderTest.MODEL;
  private static final String HAIKU = "bedrock/anthropic.claude-3-haiku-20240307-v1:0";
  private static final String NEW_KEY = "ISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=";

  private final KeyBringers tenancy = KeyBringers.fresh();
  private final GatewayUnderTest gateway = tenancy.gateway;

  private static Map<String, String> settings(String... more) {
    Map<String, String> settings = new HashMap<>(KeyBringers.settings());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 402, 403, 429})
  void a_failing_key_opens_no_breaker(int status) {
    try (GatewayUnderTest tight =
        GatewayUnderTest.start(
            settings(
                "serai.providers.openai.max-retries", "0",
                "serai.providers.openai.breaker.minimum-calls", "5",
                "serai.providers.openai.breaker.sliding-window", "5",
                "serai.providers.bedrock.max-retries", "0",
                "serai.providers.bedrock.breaker.minimum-calls", "5",
                "serai.providers.bedrock.breaker.sliding-window", "5"))) {
      KeyBringers own = KeyBringers.of(tight);
      own.store("acme", "openai", "sk-of-acme-123456");
      for (String tenant : List.of("acme", "zeta")) {
        own.put(
            tenant,
            "bedrock",
            "{\"access_key_id\":\"AKIAOF" + tenant + "\",\"secret_access_key\":\"s\"}");
      }
      tight
          .provider()
          .script(
              call -> {
                boolean aws = call.path().startsWith("/model/");
                boolean bad =
                    call.header("authorization").contains(aws ? "AKIAOFacme" : "sk-of-acme");
                return aws
                    ? bad ? Bedrock.error(status, "SomeException", "no") : Bedrock.says("well")
                    : bad ? Behaviour.status(status) : Behaviour.answer("well");
              });

      for (int i = 0; i < 12; i++) {
        assertThat(own.chat("acme", GPT).status()).isBetween(401, 429);
        assertThat(own.chat("acme", HAIKU, i % 2 == 0 ? "" : "\"stream\":true,").status())
            .isBetween(401, 429);
      }

      assertThat(own.chat("trial", GPT).content()).isEqualTo("well");
      assertThat(own.chat("zeta", HAIKU).content()).isEqualTo("well");
      assertThat(tight.provider().calls()).hasSize(26);
      JsonNode health = tight.get("/actuator/health/providers").json().findPath("openai");
      assertThat(health.path("breaker").asText()).isEqualTo("closed");
      assertThat(health.has("last_error")).isFalse();
      assertThat(tight.meter("serai_attempts_total{outcome=\"invalid_key\",target=\"openai\"}"))
          .isZero();
    }
  }

  @Test
  void a_bad_key_of_a_tenant_is_no_error_of_the_operators(CapturedOutput console) {
    gateway.provider().byDefault(Behaviour.status(401));
    tenancy.store("acme", "openai", "sk-of-acme-123456");
    int before = console.getAll().length();

    Answer answer = tenancy.chat("acme", GPT);

    await()
        .until(() -> console.getAll().substring(before).contains("request=" + answer.requestId()));
    assertThat(console.getAll().substring(before))
        .contains("the tenant's own account at the provider")
        .doesNotContain("ERROR", "OPENAI_API_KEY");
  }

  @Test
  void no_key_is_seen_anywhere(CapturedOutput console) {
    String canary = "sk-canary-of-acme-1234567890";
    gateway
        .provider()
        .byDefault(
            reply ->
                reply.whole(
                    401,
                    Map.of("Content-Type", "application/json"),
                    ("{\"error\":{\"message\":\"bad " + canary + "\",\"type\":\"x\"}}")
                        .getBytes(UTF_8)));
    StringBuilder seen = new StringBuilder();

    seen.append(tenancy.put("acme", "openai", "{\"api_key\":\"" + canary + "\"}").text());
    seen.append(tenancy.put("acme", "openai", "{\"api_key\":\"" + canary + "\",\"a\":1}").text());
    seen.append(tenancy.put("acme", "openai", "{\"api_key\":\"" + canary + " \"}").text());
    seen.append(tenancy.put("acme", "openai", "{\"" + canary + "\":\"" + canary + "\"}").text());
    seen.append(tenancy.put("acme", "openai", canary).text());
    seen.append(tenancy.list("acme").text());
    seen.append(tenancy.chat("acme", GPT).text());
    seen.append(gateway.send(gateway.admin("/admin/v1/credentials/rotation")).text());
    seen.append(gateway.send(gateway.admin("/admin/v1/usage/rows")).text());
    seen.append(gateway.get("/actuator/prometheus").text());
    JdbcTemplate jdbc = new JdbcTemplate(gateway.part(DataSource.class));
    seen.append(jdbc.queryForList("select * from audit"));
    seen.append(jdbc.queryForList("select * from llm_usage"));

    assertThat(seen.toString()).contains("…7890").doesNotContain(canary);
    assertThat(console.getAll()).doesNotContain(canary, KeyBringers.MASTER_KEY);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          acme   | openai  | {"api_key":""}                   | 400
          acme   | openai  | {"api_key":"sk 1"}               | 400
          acme   | openai  | {"api_key":"sk\\u0000"}          | 400
          acme   | openai  | {"api_key":"schlüssel"}          | 400
          acme   | openai  | {"api_key":7}                    | 400
          acme   | openai  | {"api_key":null}                 | 400
          acme   | openai  | {"api_key":"a","api_key":"b"}    | 400
          acme   | openai  | {"api_key":"a"} {}               | 400
          acme   | openai  | {"access_key_id":"A","secret_access_key":"s"} | 400
          acme   | openai  | []                               | 400
          acme   | openai  | nonsense                         | 400
          acme   | local   | {"api_key":"sk-1"}               | 400
          acme   | unknown | {"api_key":"sk-1"}               | 404
          nobody | openai  | {"api_key":"sk-1"}               | 404
          a%20b  | openai  | {"api_key":"sk-1"}               | 404
          """)
  void what_is_no_credential_is_refused_and_nothing_is_stored(
      String tenant, String provider, String json, int status) {
    Answer answer = tenancy.put(tenant, provider, json);

    assertThat(answer.status()).as(answer.text()).isEqualTo(status);
    answer.isErrorShaped();
    assertThat(tenancy.list("acme").json().path("data")).isEmpty();
  }

  @Test
  void what_is_too_long_is_refused() {
    tenancy
        .put("acme", "openai", "{\"api_key\":\"" + "k".repeat(5000) + "\"}")
        .isError(400, "invalid_request_error");
    tenancy
        .put("acme", "openai", "{\"api_key\":\"" + "k".repeat(1 << 20) + "\"}")
        .isError(413, "request_too_large");
  }

  @Test
  void credentials_are_listed_and_deleted() {
    tenancy.store("acme", "openai", "sk-of-acme-123456");

    JsonNode listed = tenancy.list("acme").json().at("/data/0");

    assertThat(listed.path("provider").asText()).isEqualTo("openai");
    assertThat(listed.path("kind").asText()).isEqualTo("api_key");
    assertThat(listed.path("hint").asText()).isEqualTo("…3456");
    assertThat(listed.path("created_at").asText()).endsWith("Z");
    tenancy.delete("acme", "openrouter").isError(404, "not_found");
    assertThat(tenancy.delete("acme", "openai").status()).isEqualTo(204);
    tenancy.delete("acme", "openai").isError(404, "not_found");
    tenancy.delete("nobody", "openai").isError(404, "not_found");
  }

  @Test
  void who_is_made_under_the_id_of_a_tenant_of_the_files_inherits_no_key_of_it() {
    Map<String, String> without = settings();
    without.keySet().removeIf(name -> name.startsWith("serai.tenants.acme."));
    try (GatewayUnderTest before = GatewayUnderTest.start(settings())) {
      KeyBringers.of(before).store("acme", "openai", "sk-of-the-first-123456");
      try (GatewayUnderTest after = before.restarted(without)) {
        Tenancy admin = new Tenancy(after);
        admin.make("acme");

        assertThat(KeyBringers.of(after).list("acme").json().path("data")).isEmpty();
        after.provider().byDefault(Behaviour.answer("hello"));
        assertThat(admin.chat(GatewayUnderTest.ask("hi"), admin.key("acme")).status())
            .isEqualTo(200);
        assertThat(after.provider().calls())
            .singleElement()
            .satisfies(call -> assertThat(call.header("authorization")).isEqualTo(PLATFORM));
      }
    }
  }

  @Test
  void without_a_master_key_storing_says_what_is_missing_and_the_rest_works() {
    try (GatewayUnderTest bare =
        GatewayUnderTest.start(settings("serai.credentials.master-key", ""))) {
      KeyBringers own = KeyBringers.of(bare);

      Answer answer = own.put("acme", "openai", "{\"api_key\":\"sk-1\"}");

      answer.isError(400, "master_key_missing");
      assertThat(answer.text()).contains("SERAI_MASTER_KEY");
      assertThat(own.chat("trial", GPT).status()).isEqualTo(200);
    }
  }

  @Test
  void a_wrong_key_and_a_torn_row_are_named_at_the_start_and_the_others_are_served(
      CapturedOutput console) {
    GatewayUnderTest first = GatewayUnderTest.start(settings());
    KeyBringers own = KeyBringers.of(first);
    for (String tenant : KeyBringers.TENANTS) {
      own.store(tenant, "openai", "sk-of-" + tenant + "-123456");
    }
    JdbcTemplate jdbc = new JdbcTemplate(first.part(DataSource.class));
    jdbc.update(
        "update credentials set ciphertext = (select ciphertext from credentials where tenant_id ="
            + " 'acme') where tenant_id = 'zeta'");
    int before = console.getAll().length();

    GatewayUnderTest second = first.restarted(settings());
    own = KeyBringers.of(second);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> console.getAll().substring(before).contains("tenant=zeta provider=openai"));

    Answer torn = own.chat("zeta", GPT);

    torn.isError(503, "no_target_available");
    assertThat(torn.text()).contains("OpenAI", "cannot be opened");
    assertThat(own.chat("acme", GPT).status()).isEqualTo(200);
    assertThat(own.chat("trial", GPT).status()).isEqualTo(200);
    assertThat(second.provider().calls())
        .extracting(call -> call.header("authorization"))
        .containsExactly("Bearer sk-of-acme-123456", "Bearer sk-of-trial-123456");

    try (GatewayUnderTest third =
        second.restarted(settings("serai.credentials.master-key", NEW_KEY))) {
      own = KeyBringers.of(third);
      own.store("acme", "openai", "sk-again-123456");

      assertThat(own.chat("acme", GPT).status()).isEqualTo(200);
      own.chat("trial", GPT).isError(503, "no_target_available");
      assertThat(third.provider().calls())
          .noneMatch(call -> call.header("authorization").equals(PLATFORM));
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () ->
                  third
                          .send(third.admin("/admin/v1/credentials/rotation"))
                          .json()
                          .path("unopenable")
                          .asInt()
                      == 2);
    }
  }

  @Test
  void a_new_key_takes_over_while_calls_go_on() {
    GatewayUnderTest first = GatewayUnderTest.start(settings());
    KeyBringers own = KeyBringers.of(first);
    own.store("acme", "openai", "sk-of-acme-123456");

    GatewayUnderTest both =
        first.restarted(
            settings(
                "serai.credentials.master-key",
                NEW_KEY,
                "serai.credentials.previous-master-keys",
                KeyBringers.MASTER_KEY));
    assertThat(KeyBringers.of(both).chat("acme", GPT).status()).isEqualTo(200);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> both.meter("serai_credentials{state=\"done\"}") == 1);
    JsonNode progress = both.send(both.admin("/admin/v1/credentials/rotation")).json();
    assertThat(progress.path("done").asInt()).isEqualTo(1);
    assertThat(progress.path("left").asInt()).isZero();
    assertThat(progress.path("unopenable").asInt()).isZero();

    try (GatewayUnderTest after =
        both.restarted(settings("serai.credentials.master-key", NEW_KEY))) {
      assertThat(KeyBringers.of(after).chat("acme", GPT).status()).isEqualTo(200);
      assertThat(after.provider().calls())
          .extracting(call -> call.header("authorization"))
          .containsOnly("Bearer sk-of-acme-123456");
    }
  }
}
