package dev.serai.catalog;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CatalogTest {
  private final Catalog catalog = Configured.packaged();

  @Test
  void finds_a_model_by_id_alias_or_inference_profile() {
    Model sonnet = Objects.requireNonNull(catalog.model("openrouter", "anthropic/claude-sonnet-4"));

    assertThat(catalog.model("openrouter", "anthropic/claude-sonnet-4-20250514")).isSameAs(sonnet);
    assertThat(catalog.model("aws.bedrock", "eu.anthropic.claude-sonnet-4-20250514-v1:0"))
        .isSameAs(catalog.model("aws.bedrock", "anthropic.claude-sonnet-4-20250514-v1:0"))
        .isNotNull();
    assertThat(catalog.model("openai", "anthropic/claude-sonnet-4")).isNull();
    assertThat(catalog.model("nobody", "gpt-4o")).isNull();
  }

  @Test
  void an_alias_is_sent_as_the_id() {
    assertThat(catalog.targetsOf("anthropic/claude-sonnet-4-20250514"))
        .singleElement()
        .extracting(Target::id, Target::modelId)
        .containsExactly("openrouter", "anthropic/claude-sonnet-4");
  }

  @ParameterizedTest
  @ValueSource(strings = {"us", "eu", "apac"})
  void an_inference_profile_is_sent_as_it_was_asked(String region) {
    String profile = region + ".anthropic.claude-sonnet-4-20250514-v1:0";

    assertThat(catalog.targetsOf(profile))
        .singleElement()
        .satisfies(
            target -> {
              assertThat(target.modelId()).isEqualTo(profile);
              assertThat(Objects.requireNonNull(target.model()).id())
                  .isEqualTo("anthropic.claude-sonnet-4-20250514-v1:0");
            });
  }

  @Test
  void a_plain_model_goes_to_every_instance_of_its_provider_in_configured_order() {
    Catalog two = Configured.yaml(TWO_INSTANCES);

    assertThat(two.targetsOf("gpt-x"))
        .extracting(Target::id)
        .containsExactly("openai-eu", "openai-us");
    assertThat(two.targetsOf("gpt-y")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "openai/gpt-4o, openai, gpt-4o, true",
    "openai/gpt-99, openai, gpt-99, false",
    "openrouter/anthropic/claude-sonnet-4, openrouter, anthropic/claude-sonnet-4, true",
    "openrouter/anthropic/claude-sonnet-4-20250514, openrouter, anthropic/claude-sonnet-4, true",
    "openrouter/meta/llama 5:free?, openrouter, meta/llama 5:free?, false",
    "bedrock/anthropic.claude-3-haiku-20240307-v1:0, bedrock,"
        + " anthropic.claude-3-haiku-20240307-v1:0, true",
  })
  void a_qualified_model_goes_to_its_target(
      String text, String provider, String sent, boolean known) {
    Target target = Objects.requireNonNull(catalog.qualified(text));

    assertThat(target.id()).isEqualTo(provider);
    assertThat(target.modelId()).isEqualTo(sent);
    assertThat(target.model() != null).isEqualTo(known);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o", "nobody/gpt-4o", "openai/", "/gpt-4o", "", "OpenAI/gpt-4o"})
  void what_names_no_target_is_not_qualified(String text) {
    assertThat(catalog.qualified(text)).isNull();
  }

  @Test
  void what_the_catalog_knows_goes_before_a_guess() {
    assertThat(catalog.resolve("anthropic/claude-sonnet-4"))
        .extracting(Target::id)
        .containsExactly("openrouter");
    assertThat(catalog.resolve("openai/gpt-4o")).extracting(Target::id).containsExactly("openai");
    assertThat(catalog.resolve("anthropic/claude-99"))
        .extracting(Target::id, Target::model)
        .containsExactly(tuple("anthropic", null));
    assertThat(catalog.resolve("gpt-99")).isEmpty();
  }

  @Test
  void knows_no_role_or_provider_of_another_name() {
    assertThat(catalog.role("gpt-4o")).isNull();
    assertThat(catalog.provider("aws.bedrock")).isNull();
  }

  @Test
  void a_key_never_shows() {
    Catalog keyed = Configured.packaged(Map.of("OPENAI_API_KEY", "sk-secret"));
    Secret key = Objects.requireNonNull(Objects.requireNonNull(keyed.provider("openai")).apiKey());

    assertThat(key).hasToString("***").isNotEqualTo(new Secret("sk-secret"));
    assertThat(keyed.role("rag")).asString().doesNotContain("sk-secret");
    assertThat(
            CatalogBinding.read(
                Configured.environment(Map.of("OPENAI_API_KEY", "sk-secret")), "config"))
        .asString()
        .doesNotContain("sk-secret");
  }

  @Test
  void headers_keep_their_names_and_empty_ones_are_left_out() {
    Catalog two = Configured.yaml(TWO_INSTANCES);

    assertThat(Objects.requireNonNull(two.provider("openai-eu")).headers())
        .hasEntrySatisfying("api-key", key -> assertThat(key).hasToString("***"))
        .extracting(Configured::revealed, as(MAP))
        .isEqualTo(Map.of("HTTP-Referer", "https://example.org", "api-key", "k"));
  }

  @Test
  void a_base_url_loses_its_last_slash() {
    Catalog two = Configured.yaml(TWO_INSTANCES);

    assertThat(Objects.requireNonNull(two.provider("openai-eu")).baseUrl())
        .hasToString("http://127.0.0.1:9/v1");
    assertThat(Objects.requireNonNull(two.provider("openai-eu")).httpVersion())
        .isEqualTo(HttpVersion.HTTP_2);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1000",
    "5, 5, 1000",
    "0.5, 1, 2000",
    "0.3, 1, 3334",
    "0.001, 1, 1000000",
    "2.5, 5, 2000",
    "1.3339, 1333, 1000000",
    "10.0, 10, 1000",
    "1000000, 1000000, 1000",
  })
  void a_rate_is_whole_calls_per_period(BigDecimal perSecond, int permits, long periodMillis) {
    assertThat(Rate.of(perSecond)).isEqualTo(new Rate(permits, Duration.ofMillis(periodMillis)));
  }

  @Test
  void cache_modes_are_read_as_yaml_writes_them() {
    Catalog two = Configured.yaml(TWO_INSTANCES);

    assertThat(two.roles())
        .extracting(Role::cache)
        .isEqualTo(List.of(CacheMode.OFF, CacheMode.DETERMINISTIC));
  }

  @Test
  void a_role_with_a_plain_model_has_every_instance_once() {
    Catalog two = Configured.yaml(TWO_INSTANCES);

    assertThat(Objects.requireNonNull(two.role("first")).targets())
        .extracting(Target::id)
        .containsExactly("openai-us", "openai-eu");
  }

  @Test
  void a_list_in_the_environment_replaces_the_one_in_the_file() {
    Catalog overridden = Configured.packaged(Map.of("SERAI_ROLES_CHAT_TARGETS_0", "openai/gpt-5"));

    assertThat(Objects.requireNonNull(overridden.role("chat")).targets())
        .extracting(Target::modelId)
        .containsExactly("gpt-5");
  }

  private static final String TWO_INSTANCES =
      """
      serai:
        home: /tmp
        providers:
          openai-eu:
            dialect: openai
            provider-name: openai
            base-url: http://127.0.0.1:9/v1/
            credential: EU_KEY
            http-version: 2
            headers:
              HTTP-Referer: https://example.org
              api-key: k
              X-Empty: ""
          openai-us:
            dialect: openai
            provider-name: openai
            base-url: https://us.example.org
            credential: US_KEY
          here: {dialect: local, provider-name: local}
        models:
          - id: gpt-x
            provider: openai
            prices:
              - {version: v1, source: test, checked: 2026-01-01, input: 1, output: 2}
          - id: serai-local
            provider: local
            prices:
              - {version: v1, source: test, checked: 2026-01-01, input: 0, output: 0}
        roles:
          first:
            description: The first
            targets: [openai-us/gpt-x, gpt-x, ""]
            cache: off
          second:
            description: The second
            targets: [gpt-x]
            cache: deterministic
      """;
}
