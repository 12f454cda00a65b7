package dev.serai.catalog;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code providers.yaml}, {@code models.yaml} and {@code roles.yaml} as they are written. Values
 * stay text, so that {@link Catalog#of} can name all that is wrong at once, in its own words.
 *
 * @param providers by id
 * @param models in the order of the file
 * @param roles by name
 * @param tenants what {@code tenants.yaml} says of their prices, by id
 */
@ConfigurationProperties("serai")
public record CatalogProperties(
    @DefaultValue Map<String, ProviderEntry> providers,
    @DefaultValue List<ModelEntry> models,
    @DefaultValue Map<String, RoleEntry> roles,
    @DefaultValue Map<String, TermsEntry> tenants) {

  record ProviderEntry(
      @Nullable String dialect,
      @Nullable String providerName,
      @Nullable String baseUrl,
      @Nullable String apiKey,
      @Nullable String credential,
      @Nullable String region,
      @Nullable String secretKey,
      @Nullable String sessionToken,
      @Nullable String profile,
      @Nullable String defaultCredentials,
      @Nullable String requestsPerSecond,
      @Nullable String maxWaiting,
      @Nullable String httpVersion,
      @Nullable String connectTimeout,
      @Nullable String attemptTimeout,
      @Nullable String firstByteTimeout,
      @Nullable String betweenBytesTimeout,
      @Nullable String maxConnections,
      @DefaultValue Map<String, String> headers,
      @Nullable String maxRetries,
      @DefaultValue BreakerEntry breaker,
      @Nullable String maxEmbeddingInputs,
      @Nullable String maxEmbeddingTokens,
      @Nullable String tokenDelay,
      @Nullable String tenantMetadata) {

    /** Says nothing: the key and the headers are secret. */
    @Override
    public String toString() {
      return "ProviderEntry";
    }
  }

  record BreakerEntry(
      @Nullable String failureRateThreshold,
      @Nullable String minimumCalls,
      @Nullable String slidingWindow,
      @Nullable String openFor) {}

  record ModelEntry(
      @Nullable String id,
      @Nullable String provider,
      @DefaultValue List<String> aliases,
      @DefaultValue List<String> inferenceProfiles,
      @Nullable String kind,
      @Nullable String fixedSampling,
      @Nullable String contextWindow,
      @Nullable String maxOutputTokens,
      @Nullable String dimensions,
      @DefaultValue List<PriceEntry> prices) {}

  record PriceEntry(
      @Nullable String version,
      @Nullable String validFrom,
      @Nullable String validUntil,
      @Nullable String source,
      @Nullable String checked,
      @Nullable String currency,
      @Nullable String perRequest,
      @Nullable String input,
      @Nullable String output,
      @Nullable String cacheRead,
      @Nullable String cacheWrite,
      @Nullable String cacheWrite1h,
      @Nullable String reasoning,
      @Nullable String audioInput,
      @Nullable String audioOutput,
      @Nullable String imageInput,
      @Nullable String imageOutput,
      @DefaultValue List<TierEntry> tiers,
      @Nullable ServiceEntry batch,
      @Nullable ServiceEntry flex,
      @Nullable ServiceEntry priority) {

    FiguresEntry figures() {
      return new FiguresEntry(
          input,
          output,
          cacheRead,
          cacheWrite,
          cacheWrite1h,
          reasoning,
          audioInput,
          audioOutput,
          imageInput,
          imageOutput);
    }
  }

  record ServiceEntry(
      @Nullable String input,
      @Nullable String output,
      @Nullable String cacheRead,
      @Nullable String cacheWrite,
      @Nullable String cacheWrite1h,
      @Nullable String reasoning,
      @Nullable String audioInput,
      @Nullable String audioOutput,
      @Nullable String imageInput,
      @Nullable String imageOutput,
      @DefaultValue List<TierEntry> tiers) {

    FiguresEntry figures() {
      return new FiguresEntry(
          input,
          output,
          cacheRead,
          cacheWrite,
          cacheWrite1h,
          reasoning,
          audioInput,
          audioOutput,
          imageInput,
          imageOutput);
    }
  }

  record TierEntry(
      @Nullable String abovePromptTokens,
      @Nullable String input,
      @Nullable String output,
      @Nullable String cacheRead,
      @Nullable String cacheWrite,
      @Nullable String cacheWrite1h,
      @Nullable String reasoning,
      @Nullable String audioInput,
      @Nullable String audioOutput,
      @Nullable String imageInput,
      @Nullable String imageOutput) {

    FiguresEntry figures() {
      return new FiguresEntry(
          input,
          output,
          cacheRead,
          cacheWrite,
          cacheWrite1h,
          reasoning,
          audioInput,
          audioOutput,
          imageInput,
          imageOutput);
    }
  }

  record FiguresEntry(
      @Nullable String input,
      @Nullable String output,
      @Nullable String cacheRead,
      @Nullable String cacheWrite,
      @Nullable String cacheWrite1h,
      @Nullable String reasoning,
      @Nullable String audioInput,
      @Nullable String audioOutput,
      @Nullable String imageInput,
      @Nullable String imageOutput) {}

  record RoleEntry(
      @Nullable String description,
      @DefaultValue List<String> targets,
      @Nullable String temperature,
      @Nullable String timeout,
      @Nullable String cache,
      @Nullable String maxOutputTokens) {}

  record TermsEntry(@Nullable String markUp, @DefaultValue List<OwnPriceEntry> models) {}

  record OwnPriceEntry(
      @Nullable String id, @Nullable String provider, @DefaultValue List<PriceEntry> prices) {}
}
