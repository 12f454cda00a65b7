package dev.serai.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.catalog.Credential;
import dev.serai.catalog.ErasableSecret;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.dialect.Operation;
import dev.serai.policy.TokenCounter;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.Tier;
import dev.serai.tenant.credential.TenantCredentials;
import dev.serai.tenant.credential.TenantCredentials.Found;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectTest {
  private static final Map<String, String> OPENAI = Map.of("OPENAI_API_KEY", "sk-1");
  private static final Map<String, String> BOTH =
      Map.of("OPENAI_API_KEY", "sk-1", "OPENROUTER_API_KEY", "sk-2");

  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
  private Call call = new Call("req-1", "http", Duration.ofMinutes(1));
  private final Map<String, Found> stored = new HashMap<>();

  /** What the calling tenant has stored. */
  private final TenantCredentials own =
      new TenantCredentials() {
        @Override
        public Found find(String tenantId, String provider) {
          return stored.getOrDefault(provider, new Found.None());
        }

        @Override
        public boolean any(String tenantId) {
          return !stored.isEmpty();
        }
      };

  @BeforeEach
  void comeFromSomebody() {
    call.tenant = new Tenant("acme", "Acme", Tier.TRIAL, 0);
  }

  private void standard(String... providers) {
    call.tenant = new Tenant("acme", "Acme", Tier.STANDARD, 0);
    for (String provider : providers) {
      stored.put(
          provider,
          new Found.Open(
              new Credential.ApiKey(new ErasableSecret("sk-secret-of-acme".getBytes(UTF_8)))));
    }
  }

  @Test
  void who_pays_alone_goes_to_the_targets_that_it_has_a_key_for() {
    standard("openai");

    assertThat(targets(BOTH, "\"model\":\"chat\"", null)).containsExactly("openai/gpt-4o");
  }

  @Test
  void a_key_of_its_own_serves_where_the_platform_has_none() {
    standard("anthropic", "openrouter");

    assertThat(targets(OPENAI, "\"model\":\"claude-haiku-4-5\"", null))
        .containsExactly("anthropic/claude-haiku-4-5");
    assertThat(targets(OPENAI, "\"model\":\"openai/gpt-4o\"", null))
        .containsExactly("openrouter/openai/gpt-4o");
  }

  @Test
  void with_a_key_of_its_own_a_trial_is_not_answered_by_the_local_model() {
    standard("openai");
    call.tenant = new Tenant("acme", "Acme", Tier.TRIAL, 0);

    assertThat(targets(Map.of(), "\"model\":\"rag\"", null)).containsExactly("openai/gpt-4-turbo");
  }

  @Test
  void without_any_key_only_a_trial_is_answered_by_the_local_model() {
    assertThat(targets(Map.of(), "\"model\":\"rag\"", null)).containsExactly("local/serai-local");

    standard();

    assertThat(refusal(Map.of(), "\"model\":\"rag\"", null).code())
        .isEqualTo("provider_key_required");
    assertThat(targets(Map.of(), "\"model\":\"local/serai-local\"", null))
        .containsExactly("local/serai-local");
  }

  @ParameterizedTest
  @CsvSource({
    "chat, OpenRouter or OpenAI, openrouter",
    "rag, OpenAI, openai",
    "cag, AWS Bedrock, bedrock",
    "claude-haiku-4-5, Anthropic, anthropic",
  })
  void who_pays_alone_and_has_no_key_is_told_which_and_how_to_store_it(
      String model, String provider, String id) {
    standard();

    ApiError error = refusal(BOTH, "\"model\":\"" + model + "\"", null);

    assertThat(error.status()).isEqualTo(402);
    assertThat(error.code()).isEqualTo("provider_key_required");
    assertThat(error.message())
        .contains("has none for " + provider, "PUT /admin/v1/tenants/acme/credentials/" + id);
  }

  @Test
  void a_key_that_cannot_be_opened_is_not_stood_in_for_by_the_platforms() {
    stored.put("openrouter", new Found.Locked());

    ApiError error = refusal(BOTH, "\"model\":\"chat\"", null);

    assertThat(error.status()).isEqualTo(503);
    assertThat(error.message()).contains("OpenRouter", "cannot be opened");
  }

  @ParameterizedTest
  @CsvSource({
    "rag, openai/gpt-4-turbo",
    "hybrid, openai/gpt-4o",
    "default, openai/gpt-4o-mini",
    "chat, openrouter/anthropic/claude-sonnet-4 openrouter/anthropic/claude-3.5-haiku"
        + " openai/gpt-4o",
    "gpt-4o, openai/gpt-4o",
    "openai/gpt-4o, openai/gpt-4o",
    "openrouter/openai/gpt-4o, openrouter/openai/gpt-4o",
    "anthropic/claude-sonnet-4, openrouter/anthropic/claude-sonnet-4",
    "openrouter/anthropic/claude-sonnet-4-20250514, openrouter/anthropic/claude-sonnet-4",
    "anthropic/claude-sonnet-4-20250514, openrouter/anthropic/claude-sonnet-4",
    "openai/brand-new, openai/brand-new",
    "local/serai-local, local/serai-local",
  })
  void turns_what_is_named_into_targets_in_order(String model, String targets) {
    assertThat(targets(BOTH, "\"model\":\"" + model + "\"", null))
        .containsExactly(targets.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "openai/o3-2026-01-01, ",
    "openai/o4-mini-next, ",
    "openai/gpt-5.4, ",
    "openrouter/openai/gpt-5.4-mini, ",
    "openai/brand-new, 0.1",
    "openai/gpt-4o-next, 0.1",
  })
  void a_model_that_only_its_name_tells_of_gets_the_temperature_that_it_takes(
      String model, @Nullable BigDecimal temperature) {
    Map<String, String> environment = new HashMap<>(BOTH);
    environment.put("DEFAULT_HYBRID_MODEL", model);

    assertThat(targets(environment, "\"model\":\"hybrid\"", null)).containsExactly(model);
    assertThat(call.addedTemperature).isEqualTo(temperature);
  }

  @Test
  void the_model_wins_over_the_role() {
    assertThat(targets(OPENAI, "\"model\":\"gpt-4o\"", "rag")).containsExactly("openai/gpt-4o");
    assertThat(call.role).isNull();
  }

  @ParameterizedTest
  @CsvSource({"''", "'  '"})
  void a_blank_model_names_nothing(String model) {
    assertThat(targets(OPENAI, "\"model\":\"" + model + "\"", "rag"))
        .containsExactly("openai/gpt-4-turbo");
  }

  @Test
  void who_names_nothing_gets_the_default_role() {
    assertThat(targets(OPENAI, "\"seed\":1", null)).containsExactly("openai/gpt-4o-mini");
    assertThat(call.roleName()).isEqualTo("default");
  }

  @Test
  void a_name_that_openrouter_has_too_goes_there_where_the_first_has_no_key() {
    assertThat(targets(Map.of("OPENROUTER_API_KEY", "sk-2"), "\"model\":\"openai/gpt-4o\"", null))
        .containsExactly("openrouter/openai/gpt-4o");
  }

  @ParameterizedTest
  @CsvSource({
    "rag, OPENROUTER_API_KEY, OPENAI_API_KEY",
    "hybrid, OPENROUTER_API_KEY, OPENAI_API_KEY",
    "default, OPENROUTER_API_KEY, OPENAI_API_KEY",
    "openai/gpt-4o-mini, OPENROUTER_API_KEY, OPENAI_API_KEY",
    "openai/brand-new, OPENROUTER_API_KEY, OPENAI_API_KEY",
    "orchestrator_analysis, OPENAI_API_KEY, AWS_ACCESS_KEY_ID",
    "orchestrator_guide, OPENAI_API_KEY, AWS_ACCESS_KEY_ID",
    "cag, OPENAI_API_KEY, AWS_ACCESS_KEY_ID",
    "direct, OPENAI_API_KEY, AWS_ACCESS_KEY_ID",
    "claude-haiku-4-5, OPENAI_API_KEY, ANTHROPIC_API_KEY",
    "anthropic/claude-haiku-4-5, OPENAI_API_KEY, ANTHROPIC_API_KEY",
    "openrouter/x-ai/grok-9, OPENAI_API_KEY, OPENROUTER_API_KEY",
    "anthropic/claude-sonnet-4, OPENAI_API_KEY, OPENROUTER_API_KEY",
  })
  void a_missing_credential_is_named_and_none_is_shown(
      String model, String present, String missing) {
    ApiError error = refusal(Map.of(present, "sk-secret"), "\"model\":\"" + model + "\"", null);

    assertThat(error.status()).isEqualTo(503);
    assertThat(error.code()).isEqualTo("no_target_available");
    assertThat(error.message()).contains(missing).doesNotContain("sk-secret", present);
  }

  @Test
  void targets_without_a_credential_are_passed_over() {
    assertThat(targets(OPENAI, "\"model\":\"chat\"", null)).containsExactly("openai/gpt-4o");
  }

  @Test
  void a_role_without_any_usable_target_says_what_is_missing() {
    ApiError error = refusal(OPENAI, "\"model\":\"cag\"", null);

    assertThat(error.status()).isEqualTo(503);
    assertThat(error.message()).contains("AWS_ACCESS_KEY_ID");
    assertThat(error.retryAfter()).isNotNull();
  }

  @Test
  void a_role_of_anthropics_needs_anthropics_key() {
    String model = "anthropic/claude-haiku-4-5";

    assertThat(
            targets(
                Map.of("ANTHROPIC_API_KEY", "sk-3", "DEFAULT_CAG_MODEL", model),
                "\"model\":\"cag\"",
                null))
        .containsExactly(model);
    assertThat(
            refusal(
                    Map.of("OPENAI_API_KEY", "sk-1", "DEFAULT_CAG_MODEL", model),
                    "\"model\":\"cag\"",
                    null)
                .message())
        .contains("ANTHROPIC_API_KEY");
  }

  @Test
  void the_roles_temperature_is_not_added_to_a_top_p_where_both_are_refused() {
    Map<String, String> keys =
        Map.of("ANTHROPIC_API_KEY", "sk-3", "DEFAULT_CAG_MODEL", "anthropic/claude-haiku-4-5");

    targets(keys, "\"model\":\"cag\",\"top_p\":0.5", null);
    assertThat(call.addedTemperature).isNull();
    targets(keys, "\"model\":\"cag\"", null);
    assertThat(call.addedTemperature).isNotNull();
  }

  @Test
  void half_a_credential_is_none_and_the_other_half_is_named() {
    ApiError error =
        refusal(
            Map.of("OPENAI_API_KEY", "sk-1", "AWS_ACCESS_KEY_ID", "AKIA"),
            "\"model\":\"cag\"",
            null);

    assertThat(error.status()).isEqualTo(503);
    assertThat(error.message()).contains("AWS_SECRET_ACCESS_KEY");
  }

  @ParameterizedTest
  @CsvSource({"rag", "cag", "chat", "default", "orchestrator_guide"})
  void without_any_credential_every_role_is_answered_by_local(String role) {
    assertThat(targets(Map.of(), "\"model\":\"" + role + "\"", null))
        .containsExactly("local/serai-local");
  }

  @ParameterizedTest
  @CsvSource({"AWS_ACCESS_KEY_ID"})
  void a_credential_without_a_route_is_as_none(String variable) {
    assertThat(targets(Map.of(variable, "AKIA"), "\"model\":\"cag\"", null))
        .containsExactly("local/serai-local");
  }

  @ParameterizedTest
  @CsvSource({"no-such-model", "nowhere/gpt-4o", "/", "openai/"})
  void what_nobody_knows_is_not_found(String model) {
    ApiError error = refusal(BOTH, "\"model\":\"" + model + "\"", null);

    assertThat(error.status()).isEqualTo(404);
    assertThat(error.code()).isEqualTo("model_not_found");
    assertThat(error.message()).doesNotContain(model.length() > 1 ? model : "\u0000");
  }

  @Test
  void a_folder_that_is_no_role_is_called_a_folder() {
    call = new Call("req-1", "file", Duration.ofMinutes(1));

    ApiError error = refusal(BOTH, "\"seed\":1", "no-such-role");

    assertThat(error.message()).contains("folder", "config/roles.yaml");
  }

  @Test
  void a_model_that_makes_vectors_cannot_chat() {
    ApiError error = refusal(BOTH, "\"model\":\"embeddings\"", null);

    assertThat(error.status()).isEqualTo(400);
    assertThat(error.code()).isEqualTo("model_not_supported");
  }

  @Test
  void a_provider_that_makes_no_vectors_is_not_asked_for_them() {
    call.operation = Operation.EMBEDDINGS;
    exchange.setVariable(Variables.CALL, call);
    exchange
        .getMessage()
        .setBody("{\"model\":\"anthropic/brand-new\",\"input\":\"hi\"}".getBytes(UTF_8));
    Select select = select(Map.of("ANTHROPIC_API_KEY", "sk-1"));
    select.read(exchange);

    ApiException refusal =
        catchThrowableOfType(ApiException.class, () -> select.byTarget(exchange));

    assertThat(refusal.error().status()).isEqualTo(400);
    assertThat(refusal.error().code()).isEqualTo("model_not_supported");
  }

  @Test
  void what_is_no_chat_request_is_refused() {
    exchange.getMessage().setBody("{\"messages\":7}".getBytes(UTF_8));
    exchange.setVariable(Variables.CALL, call);

    ApiException refusal =
        catchThrowableOfType(ApiException.class, () -> select(BOTH).read(exchange));

    assertThat(refusal.error().status()).isEqualTo(400);
    assertThat(refusal.error().param()).isEqualTo("messages");
  }

  @ParameterizedTest
  @CsvSource({
    "rag, '\"seed\":1', 0.1",
    "rag, '\"temperature\":0.7',",
    "rag, '\"temperature\":null',",
    "openai/gpt-4o, '\"seed\":1',",
  })
  void the_roles_temperature_is_added_where_the_request_has_none(
      String model, String fields, @Nullable String added) {
    targets(OPENAI, "\"model\":\"" + model + "\"," + fields, null);

    assertThat(call.addedTemperature == null ? null : call.addedTemperature.toPlainString())
        .isEqualTo(added);
  }

  @Test
  void no_temperature_is_added_for_a_model_that_refuses_it() {
    Map<String, String> thinking =
        Map.of("OPENAI_API_KEY", "sk-1", "DEFAULT_RAG_MODEL", "openai/gpt-5");

    targets(thinking, "\"model\":\"rag\"", null);

    assertThat(call.addedTemperature).isNull();
  }

  private List<String> targets(
      Map<String, String> variables, String fields, @Nullable String role) {
    choose(variables, fields, role);
    return call.targets.stream().map(target -> target.id() + "/" + target.modelId()).toList();
  }

  private ApiError refusal(Map<String, String> variables, String fields, @Nullable String role) {
    return catchThrowableOfType(ApiException.class, () -> choose(variables, fields, role)).error();
  }

  private void choose(Map<String, String> variables, String fields, @Nullable String role) {
    Select select = select(variables);
    call.hintedRole = role;
    exchange.setVariable(Variables.CALL, call);
    exchange
        .getMessage()
        .setBody(
            ("{" + fields + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .getBytes(UTF_8));
    select.read(exchange);
    switch (exchange.getVariable(Variables.SELECTOR, String.class)) {
      case "role" -> select.byRole(exchange);
      case "target" -> select.byTarget(exchange);
      default -> select.byModel(exchange);
    }
  }

  private Select select(Map<String, String> variables) {
    Catalog catalog = Configured.packaged(variables);
    Upstreams upstreams = new Upstreams(catalog, new TokenCounter(), Clock.systemUTC());
    return new Select(catalog, upstreams, new Payers(own));
  }
}
