package dev.serai.egress;

import dev.serai.catalog.AwsAccess;
import dev.serai.catalog.AwsCredentials;
import dev.serai.catalog.Credential;
import dev.serai.catalog.Credential.ApiKey;
import dev.serai.catalog.Credential.AwsKeys;
import dev.serai.catalog.Credential.AwsRole;
import dev.serai.catalog.ErasableSecret;
import dev.serai.catalog.Secret;
import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/**
 * Who signs the calls to one provider on AWS: the platform, or a tenant by its keys or its role.
 */
final class AwsSigners implements AutoCloseable {

  private static final Duration STS_TIME = Duration.ofSeconds(5);
  private static final String SESSION_NAME = "serai";
  private static final int MOST_ROLES = 1000;

  /** What a role's session is good for; the same for whoever could take it on in the same way. */
  private final LinkedHashMap<AwsRole, StsAssumeRoleCredentialsProvider> roles =
      new LinkedHashMap<>(16, 0.75f, true);

  private final AwsAccess aws;
  private final AwsCredentialsProvider platform;
  private @Nullable StsClient sts;

  AwsSigners(AwsAccess aws) {
    this.aws = aws;
    this.platform = platform(aws.credentials());
  }

  private static AwsCredentialsProvider platform(AwsCredentials from) {
    return switch (from) {
      case AwsCredentials.Keys(Secret id, Secret secret, @Nullable Secret token) ->
          // As they are now: they may be kept up to date elsewhere.
          () ->
              identity(
                  id.reveal(),
                  secret.reveal(),
                  token == null || !token.present() ? null : token.reveal());
      case AwsCredentials.Profile(String name) -> ProfileCredentialsProvider.create(name);
      case AwsCredentials.DefaultChain chain -> DefaultCredentialsProvider.builder().build();
      case AwsCredentials.Missing missing ->
          () -> {
            throw SdkClientException.create("there are no AWS credentials");
          };
    };
  }

  private static AwsCredentialsProvider keys(String id, String secret, @Nullable String token) {
    return StaticCredentialsProvider.create(identity(id, secret, token));
  }

  private static software.amazon.awssdk.auth.credentials.AwsCredentials identity(
      String id, String secret, @Nullable String token) {
    return token == null
        ? AwsBasicCredentials.create(id, secret)
        : AwsSessionCredentials.create(id, secret, token);
  }

  AwsCredentialsProvider platform() {
    return platform;
  }

  /**
   * The tenant's own.
   *
   * @throws UnsentException when no call can be made with it
   */
  AwsCredentialsProvider of(Credential credential) {
    return switch (credential) {
      case AwsKeys own ->
          keys(
              revealed(own.accessKeyId()),
              revealed(own.secretAccessKey()),
              own.sessionToken() == null ? null : revealed(own.sessionToken()));
      case AwsRole role -> session(role);
      case ApiKey key -> throw new UnsentException(new Failure.CredentialChanged());
    };
  }

  private static String revealed(ErasableSecret secret) {
    String value = secret.reveal();
    if (value == null) {
      throw new UnsentException(new Failure.CredentialChanged());
    }
    return value;
  }

  /** Asks AWS for it where none is left that is good for a while. */
  private AwsCredentialsProvider session(AwsRole role) {
    requirePlatform();
    try {
      return StaticCredentialsProvider.create(assuming(role).resolveCredentials());
    } catch (AwsServiceException e) {
      boolean passes = e.isThrottlingException() || e.statusCode() >= 500;
      throw new UnsentException(
          passes ? new Failure.ServerError(503) : new Failure.InvalidKey(e.statusCode()));
    } catch (SdkException e) {
      throw new UnsentException(new Failure.Network("AWS STS"));
    }
  }

  private void requirePlatform() {
    try {
      Objects.requireNonNull(platform.resolveCredentials());
    } catch (SdkException e) {
      throw new UnsentException(
          new Failure.Unsuited(
              ApiError.noTarget(
                  "The gateway has no AWS credentials to take on the tenant's role with: its"
                      + " operator must set some.",
                  Duration.ofSeconds(60))));
    }
  }

  private synchronized StsAssumeRoleCredentialsProvider assuming(AwsRole role) {
    StsAssumeRoleCredentialsProvider known = roles.get(role);
    if (known != null) {
      return known;
    }
    if (roles.size() >= MOST_ROLES) {
      roles.pollFirstEntry().getValue().close();
    }
    StsAssumeRoleCredentialsProvider made =
        StsAssumeRoleCredentialsProvider.builder()
            .stsClient(sts())
            .refreshRequest(
                ask ->
                    ask.roleArn(role.roleArn())
                        .externalId(role.externalId())
                        .roleSessionName(SESSION_NAME))
            .build();
    roles.put(role, made);
    return made;
  }

  private StsClient sts() {
    StsClient client = sts;
    if (client == null) {
      client =
          StsClient.builder()
              .region(Region.of(aws.region()))
              .credentialsProvider(platform)
              .httpClientBuilder(ApacheHttpClient.builder().connectionTimeout(STS_TIME))
              .overrideConfiguration(how -> how.apiCallTimeout(STS_TIME))
              .build();
      sts = client;
    }
    return client;
  }

  @Override
  public synchronized void close() {
    roles.values().forEach(StsAssumeRoleCredentialsProvider::close);
    if (sts != null) {
      sts.close();
    }
    if (platform instanceof AutoCloseable closeable) {
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
