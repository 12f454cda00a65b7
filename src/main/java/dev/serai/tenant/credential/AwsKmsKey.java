package dev.serai.tenant.credential;

import java.security.GeneralSecurityException;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/**
 * A symmetric key of AWS KMS, which never leaves it. The owner is the encryption context: KMS does
 * not decrypt with another, and writes it into CloudTrail.
 *
 * @see <a href="https://docs.aws.amazon.com/kms/latest/developerguide/encrypt_context.html">The
 *     encryption context</a>
 */
final class AwsKmsKey implements KeyEncryption {

  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final String keyId;
  private final KmsClient client;

  AwsKmsKey(String keyId, CredentialSettings.Kms settings) {
    this.keyId = keyId;
    this.client =
        KmsClient.builder()
            .region(Region.of(settings.region()))
            .credentialsProvider(credentials(settings))
            .httpClientBuilder(ApacheHttpClient.builder().connectionTimeout(LONGEST))
            .overrideConfiguration(how -> how.apiCallTimeout(LONGEST))
            .build();
  }

  private static AwsCredentialsProvider credentials(CredentialSettings.Kms settings) {
    String id = settings.accessKeyId();
    if (id.isBlank()) {
      return DefaultCredentialsProvider.builder().build();
    }
    String secret = settings.secretAccessKey();
    String token = settings.sessionToken();
    return StaticCredentialsProvider.create(
        token.isBlank()
            ? AwsBasicCredentials.create(id, secret)
            : AwsSessionCredentials.create(id, secret, token));
  }

  @Override
  public String name() {
    return "aws-kms:" + keyId;
  }

  @Override
  public byte[] wrap(byte[] dataKey, Owner owner) throws GeneralSecurityException {
    try {
      return client
          .encrypt(
              ask ->
                  ask.keyId(keyId)
                      .plaintext(SdkBytes.fromByteArray(dataKey))
                      .encryptionContext(owner.context()))
          .ciphertextBlob()
          .asByteArray();
    } catch (SdkException e) {
      throw refused(e);
    }
  }

  @Override
  public byte[] unwrap(byte[] wrapped, Owner owner) throws GeneralSecurityException {
    try {
      return client
          .decrypt(
              ask ->
                  ask.keyId(keyId)
                      .ciphertextBlob(SdkBytes.fromByteArray(wrapped))
                      .encryptionContext(owner.context()))
          .plaintext()
          .asByteArray();
    } catch (SdkException e) {
      throw refused(e);
    }
  }

  /** What KMS says may repeat the request, so only its kind is kept. */
  private static GeneralSecurityException refused(SdkException e) {
    if (e instanceof AwsServiceException said
        && !said.isThrottlingException()
        && said.statusCode() < 500) {
      String code = said.awsErrorDetails() == null ? "" : said.awsErrorDetails().errorCode();
      return new GeneralSecurityException("AWS KMS refused: " + code);
    }
    throw new KeyUnavailableException("AWS KMS cannot be reached: " + e.getClass().getSimpleName());
  }

  @Override
  public void close() {
    client.close();
  }
}
