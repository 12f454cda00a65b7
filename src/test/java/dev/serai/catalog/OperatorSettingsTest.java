package dev.serai.catalog;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an operator sets about roles and providers. */
class OperatorSettingsTest {

  @Test
  void no_packaged_role_has_a_timeout_of_its_own() {
    assertThat(Configured.packaged().roles()).extracting(Role::timeout).containsOnlyNulls();
  }

  @Test
  void a_role_gets_its_timeout_from_the_environment() {
    Catalog catalog = Configured.packaged(Map.of("SERAI_ROLES_RAG_TIMEOUT", "2500ms"));

    assertThat(Objects.requireNonNull(catalog.role("rag")).timeout())
        .isEqualTo(Duration.ofMillis(2500));
  }

  @Test
  void a_role_whose_name_has_an_underscore_gets_its_settings_from_the_environment_too() {
    Catalog catalog =
        Configured.packaged(
            Map.of(
                "SERAI_ROLES_ORCHESTRATOR_GUIDE_TIMEOUT", "9s",
                "SERAI_ROLES_ORCHESTRATOR_GUIDE_MAXOUTPUTTOKENS", "7"));

    Role guide = Objects.requireNonNull(catalog.role("orchestrator_guide"));

    assertThat(guide.timeout()).isEqualTo(Duration.ofSeconds(9));
    assertThat(guide.maxOutputTokens()).isEqualTo(7);
    assertThat(catalog.role("orchestrator")).isNull();
  }

  @Test
  void a_role_gets_a_chain_and_a_temperature_from_the_environment() {
    Catalog catalog =
        Configured.packaged(
            Map.of(
                "SERAI_ROLES_RAG_TARGETS_0", "openai/gpt-4o",
                "SERAI_ROLES_RAG_TARGETS_1", "anthropic/claude-haiku-4-5",
                "SERAI_ROLES_RAG_TEMPERATURE", "0.9"));

    Role rag = Objects.requireNonNull(catalog.role("rag"));

    assertThat(rag.targets())
        .extracting(target -> target.id() + "/" + target.modelId())
        .containsExactly("openai/gpt-4o", "anthropic/claude-haiku-4-5");
    assertThat(rag.temperature()).hasToString("0.9");
  }

  @ParameterizedTest
  @CsvSource({
    "openai, safety_identifier",
    "openrouter, user",
    "anthropic, safety_identifier",
    "bedrock, safety_identifier",
    "local,",
  })
  void a_provider_is_told_the_tenant_in_its_own_field(String provider, @Nullable String field) {
    assertThat(provider(Map.of(), provider).tenantField()).isEqualTo(field);
  }

  @ParameterizedTest
  @CsvSource({"openai", "openrouter", "anthropic", "bedrock", "local"})
  void that_can_be_turned_off_for_each(String provider) {
    String variable = "SERAI_PROVIDERS_" + provider.toUpperCase(Locale.ROOT) + "_TENANTMETADATA";

    assertThat(provider(Map.of(variable, "off"), provider).tenantField()).isNull();
  }

  @ParameterizedTest
  @CsvSource({"'',", "'tenant-metadata: off',", "'tenant-metadata: on', user"})
  void others_that_are_like_openai_are_told_only_when_it_is_on(
      String setting, @Nullable String field) {
    Catalog catalog =
        Configured.yaml(
            """
            serai:
              providers:
                mistral:
                  dialect: openai
                  provider-name: mistral_ai
                  base-url: https://api.mistral.ai/v1
                  credential: MISTRAL_API_KEY
                  %s
                local: {dialect: local, provider-name: local}
              models:
                - id: serai-local
                  provider: local
                  prices:
                    - {version: v1, source: test, checked: 2026-01-01, input: 0, output: 0}
            """
                .formatted(setting));

    assertThat(Objects.requireNonNull(catalog.provider("mistral")).tenantField()).isEqualTo(field);
  }

  @Test
  void what_is_neither_on_nor_off_is_named() {
    assertThatThrownBy(
            () -> provider(Map.of("SERAI_PROVIDERS_OPENAI_TENANTMETADATA", "maybe"), "openai"))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("openai: tenant-metadata is not usable (maybe): give on or off");
  }

  @Test
  void openrouter_is_told_the_application_where_it_has_a_name() {
    assertThat(provider(Map.of(), "openrouter").headers()).isEmpty();
    assertThat(provider(Map.of("OPENROUTER_TITLE", "Inn"), "openrouter").headers())
        .extracting(Configured::revealed, as(MAP))
        .isEqualTo(Map.of("X-Title", "Inn"));
    assertThat(
            provider(
                    Map.of("OPENROUTER_TITLE", "Inn", "OPENROUTER_REFERER", "https://inn.example"),
                    "openrouter")
                .headers())
        .extracting(Configured::revealed, as(MAP))
        .isEqualTo(Map.of("X-Title", "Inn", "HTTP-Referer", "https://inn.example"));
  }

  private static Provider provider(Map<String, String> variables, String id) {
    return Objects.requireNonNull(Configured.packaged(variables).provider(id));
  }
}
