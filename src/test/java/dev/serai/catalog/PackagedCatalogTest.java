package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.ServiceTier;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackagedCatalogTest {
  private static final Instant NOW = Instant.parse("2026-03-12T00:00:00Z");
  private final Catalog catalog = Configured.packaged();

  @ParameterizedTest
  @CsvSource({
    "openai, gpt-4o, 2.50, 10.00, 1.25,",
    "openai, gpt-4o-2024-05-13, 5.00, 15.00,,",
    "openai, gpt-4o-mini, 0.15, 0.60, 0.075,",
    "openai, gpt-4-turbo, 10.00, 30.00,,",
    "openai, gpt-4.1, 2.00, 8.00, 0.50,",
    "openai, gpt-4.1-mini, 0.40, 1.60, 0.10,",
    "openai, gpt-5, 1.25, 10.00, 0.125,",
    "openai, gpt-5-mini, 0.25, 2.00, 0.025,",
    "openai, gpt-5-nano, 0.05, 0.40, 0.005,",
    "openai, o3, 2.00, 8.00, 0.50,",
    "openai, o4-mini, 1.10, 4.40, 0.275,",
    "openai, text-embedding-3-large, 0.13, 0,,",
    "openai, text-embedding-3-small, 0.02, 0,,",
    "aws.bedrock, anthropic.claude-3-5-sonnet-20241022-v2:0, 3.00, 15.00, 0.30, 3.75",
    "aws.bedrock, anthropic.claude-3-haiku-20240307-v1:0, 0.25, 1.25,,",
    "aws.bedrock, anthropic.claude-sonnet-4-20250514-v1:0, 3.00, 15.00, 0.30, 3.75",
    "aws.bedrock, anthropic.claude-sonnet-4-5-20250929-v1:0, 3.00, 15.00, 0.30, 3.75",
    "aws.bedrock, anthropic.claude-haiku-4-5-20251001-v1:0, 1.00, 5.00, 0.10, 1.25",
    "aws.bedrock, amazon.nova-micro-v1:0, 0.035, 0.14,,",
    "aws.bedrock, amazon.nova-lite-v1:0, 0.06, 0.24,,",
    "aws.bedrock, amazon.nova-pro-v1:0, 0.80, 3.20,,",
    "aws.bedrock, amazon.titan-embed-text-v2:0, 0.20, 0,,",
    "aws.bedrock, cohere.embed-english-v3, 0.10, 0,,",
    "anthropic, claude-sonnet-4-20250514, 3.00, 15.00, 0.30, 3.75",
    "anthropic, claude-haiku-4-5, 1.00, 5.00, 0.10, 1.25",
    "anthropic, claude-3-5-haiku-20241022, 0.80, 4.00, 0.08, 1.00",
    "openrouter, anthropic/claude-sonnet-4, 3.00, 15.00, 0.30, 3.75",
    "openrouter, anthropic/claude-haiku-4.5, 1.00, 5.00, 0.10, 1.25",
    "openrouter, anthropic/claude-3.5-haiku, 0.80, 4.00, 0.08, 1.00",
    "openrouter, openai/gpt-4o, 2.50, 10.00,,",
    "local, serai-local, 0, 0,,",
  })
  void holds_the_list_price(
      String provider,
      String model,
      BigDecimal input,
      BigDecimal output,
      @Nullable BigDecimal cacheRead,
      @Nullable BigDecimal cacheWrite) {
    Price price = price(provider, model, NOW);

    assertThat(price.standard().base())
        .usingRecursiveComparison()
        .ignoringFields("cacheWriteHour")
        .isEqualTo(
            new UnitPrices(
                picos(input),
                picos(output),
                picos(cacheRead == null ? input : cacheRead),
                picos(cacheWrite == null ? input : cacheWrite)));
    assertThat(price.checked()).isEqualTo(LocalDate.of(2026, 3, 11));
    assertThat(price.source())
        .isEqualTo(provider.equals("local") ? "in process" : "public price list");
  }

  @Test
  void holds_no_model_beyond_the_list() {
    assertThat(catalog.models()).hasSize(32);
  }

  @ParameterizedTest
  @CsvSource({
    "aws.bedrock, anthropic.claude-sonnet-4-20250514-v1:0",
    "aws.bedrock, anthropic.claude-sonnet-4-5-20250929-v1:0",
    "anthropic, claude-sonnet-4-20250514",
    "openrouter, anthropic/claude-sonnet-4",
  })
  void a_long_prompt_has_its_own_prices(String provider, String model) {
    Price price = price(provider, model, NOW);

    assertThat(price.standard().unitPrices(200_000)).isEqualTo(price.standard().base());
    assertThat(price.standard().unitPrices(200_001))
        .usingRecursiveComparison()
        .ignoringFields("cacheWriteHour")
        .isEqualTo(new UnitPrices(6_000_000, 22_500_000, 600_000, 7_500_000));
  }

  @Test
  void gpt_4o_changed_its_price_on_the_first_of_october_2024() {
    Instant change = Instant.parse("2024-10-01T00:00:00Z");

    assertThat(price("openai", "gpt-4o", change.minusNanos(1)).standard().base())
        .isEqualTo(new UnitPrices(5_000_000, 15_000_000, 5_000_000, 5_000_000));
    assertThat(price("openai", "gpt-4o", change).standard().base().input()).isEqualTo(2_500_000);
  }

  @Test
  void keeps_the_prices_of_other_service_tiers() {
    assertThat(price("openai", "gpt-4o", NOW).serviceTiers())
        .isEqualTo(
            Map.of(
                ServiceTier.BATCH,
                flat(new UnitPrices(1_250_000, 5_000_000, 1_250_000, 1_250_000)),
                ServiceTier.PRIORITY,
                flat(new UnitPrices(4_250_000, 17_000_000, 4_250_000, 4_250_000))));
    assertThat(price("openai", "gpt-5", NOW).serviceTiers())
        .isEqualTo(
            Map.of(
                ServiceTier.FLEX,
                flat(new UnitPrices(625_000, 5_000_000, 62_500, 625_000)),
                ServiceTier.PRIORITY,
                flat(new UnitPrices(2_500_000, 20_000_000, 250_000, 2_500_000))));
    assertThat(price("openai", "text-embedding-3-large", NOW).serviceTiers())
        .containsEntry(ServiceTier.BATCH, flat(new UnitPrices(65_000, 0, 65_000, 65_000)));
    Tariff sonnet = price("anthropic", "claude-sonnet-4-20250514", NOW).standard();
    assertThat(sonnet.base().cacheWriteHour()).isEqualTo(6_000_000);
    assertThat(sonnet.unitPrices(200_001).cacheWriteHour()).isEqualTo(12_000_000);
    assertThat(price("anthropic", "claude-haiku-4-5", NOW).standard().base().cacheWriteHour())
        .isEqualTo(2_000_000);
  }

  @ParameterizedTest
  @CsvSource({
    "orchestrator_analysis, bedrock, anthropic.claude-3-5-sonnet-20241022-v2:0",
    "orchestrator_guide, bedrock, anthropic.claude-3-haiku-20240307-v1:0",
    "rag, openai, gpt-4-turbo",
    "cag, bedrock, anthropic.claude-3-haiku-20240307-v1:0",
    "hybrid, openai, gpt-4o",
    "direct, bedrock, anthropic.claude-3-haiku-20240307-v1:0",
    "embeddings, openai, text-embedding-3-large",
    "default, openai, gpt-4o-mini",
  })
  void a_role_goes_to_its_model(String role, String provider, String model) {
    assertThat(role(catalog, role).targets())
        .singleElement()
        .satisfies(
            target -> {
              assertThat(target.id()).isEqualTo(provider);
              assertThat(target.modelId()).isEqualTo(model);
              assertThat(target.model()).isNotNull();
            });
  }

  @Test
  void the_chat_role_falls_back_from_openrouter_to_openai() {
    assertThat(role(catalog, "chat").targets())
        .extracting(target -> target.id() + "/" + target.modelId())
        .containsExactly(
            "openrouter/anthropic/claude-sonnet-4",
            "openrouter/anthropic/claude-3.5-haiku",
            "openai/gpt-4o");
  }

  @Test
  void every_role_is_cached_and_all_but_embeddings_are_cool() {
    assertThat(catalog.roles())
        .hasSize(9)
        .allSatisfy(
            role -> {
              assertThat(role.cache()).isEqualTo(CacheMode.ON);
              assertThat(role.maxOutputTokens()).isEqualTo(4096);
              assertThat(role.description()).isNotBlank();
              assertThat(role.temperature())
                  .isEqualTo(role.name().equals("embeddings") ? null : new BigDecimal("0.1"));
            });
  }

  @ParameterizedTest
  @CsvSource({
    "ORCHESTRATOR_ANALYSIS_MODEL, orchestrator_analysis",
    "ORCHESTRATOR_GUIDE_MODEL, orchestrator_guide",
    "DEFAULT_RAG_MODEL, rag",
    "DEFAULT_CAG_MODEL, cag",
    "DEFAULT_HYBRID_MODEL, hybrid",
    "DEFAULT_DIRECT_MODEL, direct",
    "DEFAULT_EMBEDDING_MODEL, embeddings",
  })
  void a_variable_sends_a_role_elsewhere(String variable, String role) {
    Catalog overridden = Configured.packaged(Map.of(variable, "openrouter/x-ai/grok-9:free"));

    Target target = role(overridden, role).targets().getFirst();

    assertThat(target.id()).isEqualTo("openrouter");
    assertThat(target.modelId()).isEqualTo("x-ai/grok-9:free");
    assertThat(target.model()).isNull();
  }

  @Test
  void a_plain_override_goes_to_the_target_that_has_the_model() {
    Catalog overridden = Configured.packaged(Map.of("DEFAULT_RAG_MODEL", "claude-haiku-4-5"));

    assertThat(role(overridden, "rag").targets())
        .singleElement()
        .hasToString(overridden.resolve("anthropic/claude-haiku-4-5").getFirst().toString());
  }

  @Test
  void providers_have_their_settings_in_configured_order() {
    assertThat(catalog.providers())
        .extracting(Provider::id)
        .containsExactly("openai", "openrouter", "anthropic", "bedrock", "local");
    assertThat(catalog.providers())
        .extracting(Provider::providerName)
        .containsExactly("openai", "openrouter", "anthropic", "aws.bedrock", "local");
    Provider openai = provider(catalog, "openai");
    assertThat(openai.baseUrl()).isEqualTo(URI.create("https://api.openai.com/v1"));
    assertThat(openai.rate()).isNull();
    assertThat(openai.timeouts())
        .isEqualTo(new Timeouts(seconds(5), seconds(30), seconds(30), seconds(30)));
    assertThat(openai.breaker()).isEqualTo(new BreakerSettings(50, 20, 100, seconds(30)));
    assertThat(provider(catalog, "openrouter").timeouts().attempt()).isEqualTo(seconds(120));
    assertThat(provider(catalog, "bedrock").baseUrl())
        .isEqualTo(URI.create("https://bedrock-runtime.us-east-1.amazonaws.com"));
    assertThat(provider(catalog, "local").tokenDelay()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void without_variables_only_local_is_usable() {
    assertThat(catalog.providers())
        .filteredOn(Provider::usable)
        .extracting(Provider::id)
        .containsExactly("local");
    assertThat(catalog.localTarget().modelId()).isEqualTo("serai-local");
    assertThat(Objects.requireNonNull(catalog.localEmbeddingTarget()).modelId())
        .isEqualTo("all-MiniLM-L6-v2");
  }

  @Test
  void a_key_from_the_environment_makes_its_provider_usable() {
    Catalog keyed = Configured.packaged(Map.of("OPENAI_API_KEY", " sk-secret ", "AWS_REGION", "x"));

    Provider openai = provider(keyed, "openai");

    assertThat(openai.usable()).isTrue();
    assertThat(Objects.requireNonNull(openai.apiKey()).reveal()).isEqualTo("sk-secret");
    assertThat(provider(keyed, "anthropic").usable()).isFalse();
  }

  @Test
  void a_setting_can_be_overridden_by_an_environment_variable() {
    Catalog paced =
        Configured.packaged(
            Map.of(
                "SERAI_PROVIDERS_BEDROCK_REQUESTSPERSECOND", "0.5",
                "SERAI_PROVIDERS_BEDROCK_BREAKER_OPENFOR", "1m",
                "SERAI_HOME", "/tmp/elsewhere"));

    Provider bedrock = provider(paced, "bedrock");

    assertThat(bedrock.rate()).isEqualTo(new Rate(1, seconds(2)));
    assertThat(bedrock.breaker().openFor()).isEqualTo(seconds(60));
    assertThat(bedrock.dialect()).isEqualTo(Dialect.BEDROCK);
    assertThat(paced.providers())
        .extracting(Provider::id)
        .containsExactly("openai", "openrouter", "anthropic", "bedrock", "local");
  }

  @Test
  void models_that_fix_their_sampling_say_so() {
    assertThat(catalog.models())
        .filteredOn(Model::fixedSampling)
        .extracting(Model::id)
        .isEqualTo(List.of("gpt-5", "gpt-5-mini", "gpt-5-nano", "o3", "o4-mini"));
  }

  @Test
  void embedding_models_say_how_long_their_vectors_are() {
    assertThat(catalog.models())
        .filteredOn(model -> model.kind() == Model.Kind.EMBEDDING)
        .extracting(Model::dimensions)
        .containsExactly(3072, 1536, 1024, 1024, 384);
  }

  private static Tariff flat(UnitPrices prices) {
    return new Tariff(prices, List.of());
  }

  private Price price(String provider, String model, Instant at) {
    return Objects.requireNonNull(
        Objects.requireNonNull(catalog.model(provider, model)).priceAt(at));
  }

  private static Role role(Catalog catalog, String name) {
    return Objects.requireNonNull(catalog.role(name));
  }

  private static Provider provider(Catalog catalog, String id) {
    return Objects.requireNonNull(catalog.provider(id));
  }

  private static long picos(BigDecimal usdPerMillion) {
    return usdPerMillion.movePointRight(6).longValueExact();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }
}
