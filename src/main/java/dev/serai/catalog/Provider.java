package dev.serai.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One configured place that answers calls.
 *
 * @param id its name in Serai, the first segment of a target-qualified model
 * @param dialect what it speaks
 * @param providerName OpenTelemetry's name for it; prices are found by it
 * @param baseUrl where it is, without a slash at the end; {@code local:in-process} for local
 * @param apiKey the platform's own key; null when there is none and none can come
 * @param credentialName the setting that is missing when there is no key; empty for local
 * @param rate how often it may be called; null for no limit
 * @param maxWaiting how many calls may wait for the rate, 0 or more
 * @param httpVersion what to speak with it
 * @param timeouts how long to wait for it
 * @param maxConnections the largest number of connections to it, 1 or more
 * @param headers further headers of every request to it
 * @param maxRetries attempts after the first, 0 or more
 * @param breaker when it is given a rest
 * @param embeddingLimits how much it takes in one embeddings call
 * @param aws region and credentials of a provider on AWS; null for all others
 * @param tokenDelay the time between two events of a stream; used by local only
 * @param tenantField the field of a request, in OpenAI's form, by which it is told whose call this
 *     is; null when it is not told
 */
public record Provider(
    String id,
    Dialect dialect,
    String providerName,
    URI baseUrl,
    @Nullable Secret apiKey,
    String credentialName,
    @Nullable Rate rate,
    int maxWaiting,
    HttpVersion httpVersion,
    Timeouts timeouts,
    int maxConnections,
    Map<String, Secret> headers,
    int maxRetries,
    BreakerSettings breaker,
    EmbeddingLimits embeddingLimits,
    @Nullable AwsAccess aws,
    Duration tokenDelay,
    @Nullable String tenantField) {

  /** True when it can be called: it needs no key, or has one. */
  public boolean usable() {
    return aws != null ? aws.credentials().usable() : dialect == Dialect.LOCAL || keyed();
  }

  /** True when it has a key, or on AWS the first half of one. */
  public boolean keyed() {
    return apiKey != null && apiKey.present();
  }

  /** The provider's name for people, such as {@code OpenAI}; its id where that is not known. */
  public String title() {
    return switch (providerName) {
      case "openai" -> "OpenAI";
      case "openrouter" -> "OpenRouter";
      case "anthropic" -> "Anthropic";
      case "aws.bedrock" -> "AWS Bedrock";
      default -> id;
    };
  }

  /** Where it is in another region of AWS: an address that was configured holds for all. */
  public URI baseUrl(String region) {
    boolean amazons = aws != null && baseUrl.equals(URI.create(AwsReader.endpoint(aws.region())));
    return amazons ? URI.create(AwsReader.endpoint(region)) : baseUrl;
  }

  /** The id alone: headers may hold keys. */
  @Override
  public String toString() {
    return id;
  }
}
