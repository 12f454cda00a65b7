package dev.serai.route;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.policy.TokenCounter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.DefaultExchange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SelectTest {
  private static final Map<String, String> OPENAI = Map.of("OPENAI_API_KEY", "sk-1");
  private static final Map<String, String> BOTH =
      Map.of("OPENAI_API_KEY", "sk-1", "OPENROUTER_API_KEY", "sk-2");

  private final Exchange exchange = new DefaultExchange(new DefaultCamelContext());
  private Call call = new Call("req-1", "http", Duration.ofMinutes(1));

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

  private static Select select(Map<String, String> variables) {
    Catalog catalog = Configured.packaged(variables);
    return new Select(catalog, new Upstreams(catalog, new TokenCounter(), Clock.systemUTC()));
  }
}
