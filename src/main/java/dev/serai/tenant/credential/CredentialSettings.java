package dev.serai.tenant.credential;

import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How tenants' credentials are kept. The first key-encryption key that is given is the current one:
 * KMS, then {@code masterKey}, then {@code masterKeyFile}; all others still open what they wrapped.
 *
 * @param masterKey base64 of 32 bytes; none when blank
 * @param masterKeyFile a file that holds the same; none when blank
 * @param previousMasterKeys those that were current before
 * @param kms a key of AWS KMS
 * @param keep how long an opened credential, or that there is none, is held in memory; positive
 * @param rotateEvery how often rows that are not under the current key are looked for; positive
 */
@ConfigurationProperties("serai.credentials")
public record CredentialSettings(
    @DefaultValue("") String masterKey,
    @DefaultValue("") String masterKeyFile,
    @DefaultValue List<String> previousMasterKeys,
    @DefaultValue Kms kms,
    @DefaultValue("5m") Duration keep,
    @DefaultValue("30s") Duration rotateEvery) {

  /**
   * A key of AWS KMS, and who asks for it.
   *
   * @param keyId the key's id, ARN or alias; none when blank
   * @param previousKeyIds those that were current before
   * @param region where the keys are
   * @param accessKeyId blank for what the AWS SDK finds by itself
   * @param secretAccessKey belongs to it
   * @param sessionToken comes with temporary keys
   */
  public record Kms(
      @DefaultValue("") String keyId,
      @DefaultValue List<String> previousKeyIds,
      @DefaultValue("us-east-1") String region,
      @DefaultValue("") String accessKeyId,
      @DefaultValue("") String secretAccessKey,
      @DefaultValue("") String sessionToken) {

    /** Says nothing of the credentials. */
    @Override
    public String toString() {
      return "Kms[" + keyId + "]";
    }
  }

  /** Refuses what cannot work. */
  public CredentialSettings {
    if (!keep.isPositive() || !rotateEvery.isPositive()) {
      throw new IllegalArgumentException(
          "serai.credentials.keep and serai.credentials.rotate-every must be more than 0");
    }
  }

  /** Says nothing of the keys. */
  @Override
  public String toString() {
    return "CredentialSettings[keep=" + keep + "]";
  }
}
