package dev.serai.egress;

import dev.serai.catalog.AwsAccess;
import dev.serai.catalog.Credential;
import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Provider;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequest;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/**
 * The AWS SDK's clients of one target, with their connection pools: for each region one for whole
 * answers and one for streams, made when they are first needed. They make each call once, because
 * who repeats a call is decided elsewhere.
 */
final class BedrockClients implements AutoCloseable {

  /** Where a request goes, in its override configuration; without it, to the provider's region. */
  static final ExecutionAttribute<String> REGION = new ExecutionAttribute<>("SeraiRegion");

  private final Provider provider;
  private final String home;
  private final AwsSigners signers;
  private final Map<String, Regional> byRegion = new ConcurrentHashMap<>();
  private final BedrockRuntimeClient whole = new Whole();
  private final BedrockRuntimeAsyncClient streaming = new Streaming();

  private record Regional(BedrockRuntimeClient whole, BedrockRuntimeAsyncClient streaming) {}

  /**
   * Makes the clients of the provider's own region, where it has credentials; nothing is called
   * yet.
   *
   * @throws IllegalArgumentException when the provider is not on AWS
   */
  BedrockClients(Provider provider) {
    AwsAccess aws = provider.aws();
    if (aws == null) {
      throw new IllegalArgumentException(provider.id() + " is not on AWS");
    }
    this.provider = provider;
    this.home = aws.region();
    this.signers = new AwsSigners(aws);
    if (provider.usable()) {
      var unused = in(home);
    }
  }

  private Regional in(String region) {
    Regional known = byRegion.get(region);
    return known == null ? byRegion.computeIfAbsent(region, this::clients) : known;
  }

  private Regional of(AwsRequest request) {
    String region = region(request);
    return in(region == null ? home : region);
  }

  /** Where a request goes; null for the provider's region. */
  static @Nullable String region(AwsRequest request) {
    return request
        .overrideConfiguration()
        .map(override -> override.executionAttributes().getAttribute(REGION))
        .orElse(null);
  }

  /** Whether that is another region than the provider's; null is the provider's. */
  boolean elsewhere(@Nullable String region) {
    return region != null && !region.equals(home);
  }

  private Regional clients(String name) {
    Region region = Region.of(name);
    AwsCredentialsProvider credentials = signers.platform();
    return new Regional(
        BedrockRuntimeClient.builder()
            .region(region)
            .endpointOverride(provider.baseUrl(name))
            .credentialsProvider(credentials)
            .overrideConfiguration(configuration(provider))
            .httpClientBuilder(http(provider))
            .build(),
        BedrockRuntimeAsyncClient.builder()
            .region(region)
            .endpointOverride(provider.baseUrl(name))
            .credentialsProvider(credentials)
            .overrideConfiguration(configuration(provider))
            .httpClientBuilder(asyncHttp(provider))
            .asyncConfiguration(
                // What completes is put into a queue, which blocks nobody.
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .build());
  }

  private static ClientOverrideConfiguration configuration(Provider provider) {
    ClientOverrideConfiguration.Builder configuration =
        ClientOverrideConfiguration.builder().retryStrategy(AwsRetryStrategy.doNotRetry());
    provider
        .headers()
        .forEach(
            (name, value) -> {
              if (value.present()) {
                configuration.putHeader(name, value.reveal());
              }
            });
    return configuration.build();
  }

  private static ApacheHttpClient.Builder http(Provider provider) {
    Duration connect = provider.timeouts().connect();
    return ApacheHttpClient.builder()
        .maxConnections(provider.maxConnections())
        .connectionTimeout(connect)
        .connectionAcquisitionTimeout(connect)
        // Each call has a deadline of its own.
        .socketTimeout(Duration.ZERO)
        .expectContinueEnabled(false);
  }

  private static NettyNioAsyncHttpClient.Builder asyncHttp(Provider provider) {
    Duration connect = provider.timeouts().connect();
    return NettyNioAsyncHttpClient.builder()
        // The SDK's own choice, HTTP/2, is not understood where an endpoint is plain http.
        .protocol(provider.httpVersion() == HttpVersion.HTTP_2 ? Protocol.HTTP2 : Protocol.HTTP1_1)
        .maxConcurrency(provider.maxConnections())
        .maxPendingConnectionAcquires(Integer.MAX_VALUE)
        .connectionTimeout(connect)
        .connectionAcquisitionTimeout(connect)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO);
  }

  /**
   * Looks whether there are credentials, so that their absence is not taken for a network failure.
   *
   * @throws software.amazon.awssdk.core.exception.SdkClientException when there are none
   */
  void requireCredentials() {
    Objects.requireNonNull(signers.platform().resolveCredentials());
  }

  /**
   * Who signs for a tenant.
   *
   * @throws UnsentException when no call can be made with it
   */
  AwsCredentialsProvider signer(Credential credential) {
    return signers.of(credential);
  }

  /** For whole answers, in whichever region a request names. */
  BedrockRuntimeClient whole() {
    return whole;
  }

  /** For streams, in whichever region a request names. */
  BedrockRuntimeAsyncClient streaming() {
    return streaming;
  }

  @Override
  public void close() {
    byRegion
        .values()
        .forEach(
            regional -> {
              regional.whole().close();
              regional.streaming().close();
            });
    signers.close();
  }

  private final class Whole implements BedrockRuntimeClient {
    @Override
    public ConverseResponse converse(ConverseRequest request) {
      return of(request).whole().converse(request);
    }

    @Override
    public InvokeModelResponse invokeModel(InvokeModelRequest request) {
      return of(request).whole().invokeModel(request);
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private final class Streaming implements BedrockRuntimeAsyncClient {
    @Override
    public CompletableFuture<Void> converseStream(
        ConverseStreamRequest request, ConverseStreamResponseHandler arrivals) {
      return of(request).streaming().converseStream(request, arrivals);
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }
}
