package dev.serai.egress;

import dev.serai.catalog.AwsAccess;
import dev.serai.catalog.AwsCredentials;
import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Secret;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.client.config.SdkAdvancedAsyncClientOption;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;

/**
 * The AWS SDK's clients of one target, with their connection pools: one for whole answers, one for
 * streams. They make each call once, because who repeats a call is decided elsewhere.
 */
final class BedrockClients implements AutoCloseable {

  private final AwsCredentialsProvider credentials;
  private final BedrockRuntimeClient whole;
  private final BedrockRuntimeAsyncClient streaming;

  /**
   * Makes the clients; nothing is called yet.
   *
   * @throws IllegalArgumentException when the provider is not on AWS or has no credentials
   */
  BedrockClients(Provider provider) {
    AwsAccess aws = provider.aws();
    if (aws == null) {
      throw new IllegalArgumentException(provider.id() + " is not on AWS");
    }
    Region region = Region.of(aws.region());
    credentials = credentials(aws.credentials());
    whole =
        BedrockRuntimeClient.builder()
            .region(region)
            .endpointOverride(provider.baseUrl())
            .credentialsProvider(credentials)
            .overrideConfiguration(configuration(provider))
            .httpClientBuilder(http(provider))
            .build();
    streaming =
        BedrockRuntimeAsyncClient.builder()
            .region(region)
            .endpointOverride(provider.baseUrl())
            .credentialsProvider(credentials)
            .overrideConfiguration(configuration(provider))
            .httpClientBuilder(asyncHttp(provider))
            .asyncConfiguration(
                // What completes is put into a queue, which blocks nobody.
                async ->
                    async.advancedOption(
                        SdkAdvancedAsyncClientOption.FUTURE_COMPLETION_EXECUTOR, Runnable::run))
            .build();
  }

  private static AwsCredentialsProvider credentials(AwsCredentials from) {
    return switch (from) {
      case AwsCredentials.Keys(Secret id, Secret secret, @Nullable Secret token) ->
          StaticCredentialsProvider.create(
              token == null
                  ? AwsBasicCredentials.create(id.reveal(), secret.reveal())
                  : AwsSessionCredentials.create(id.reveal(), secret.reveal(), token.reveal()));
      case AwsCredentials.Profile(String name) -> ProfileCredentialsProvider.create(name);
      case AwsCredentials.DefaultChain chain -> DefaultCredentialsProvider.builder().build();
      case AwsCredentials.Missing missing ->
          throw new IllegalArgumentException("there are no AWS credentials");
    };
  }

  private static ClientOverrideConfiguration configuration(Provider provider) {
    ClientOverrideConfiguration.Builder configuration =
        ClientOverrideConfiguration.builder().retryStrategy(AwsRetryStrategy.doNotRetry());
    provider.headers().forEach(configuration::putHeader);
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
    Objects.requireNonNull(credentials.resolveCredentials());
  }

  BedrockRuntimeClient whole() {
    return whole;
  }

  BedrockRuntimeAsyncClient streaming() {
    return streaming;
  }

  @Override
  public void close() {
    whole.close();
    streaming.close();
    if (credentials instanceof AutoCloseable closeable) {
      closeQuietly(closeable);
    }
  }

  private static void closeQuietly(AutoCloseable closeable) {
    try {
      closeable.close();
    } catch (Exception e) {
      // It is going away anyhow.
    }
  }
}
