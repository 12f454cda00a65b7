package dev.serai.catalog;

import org.jspecify.annotations.Nullable;

/** What a tenant pays a provider with. */
public sealed interface Credential {

  /** Overwrites what is secret: from now on no call is made with it. */
  void erase();

  /**
   * A key that is sent along.
   *
   * @param key printable ASCII without blanks
   */
  record ApiKey(ErasableSecret key) implements Credential {
    @Override
    public void erase() {
      key.erase();
    }
  }

  /**
   * A key pair of AWS.
   *
   * @param accessKeyId names the key
   * @param secretAccessKey signs the requests
   * @param sessionToken comes with temporary keys; null for lasting ones
   * @param region where the tenant's calls go; null for the provider's
   */
  record AwsKeys(
      ErasableSecret accessKeyId,
      ErasableSecret secretAccessKey,
      @Nullable ErasableSecret sessionToken,
      @Nullable String region)
      implements Credential {
    @Override
    public void erase() {
      accessKeyId.erase();
      secretAccessKey.erase();
      if (sessionToken != null) {
        sessionToken.erase();
      }
    }
  }

  /**
   * A role in the tenant's AWS account, which the gateway takes on with its own credentials. It
   * holds no secret.
   *
   * @param roleArn names the role
   * @param externalId what the role's trust policy asks for; null for nothing
   * @param region where the tenant's calls go; null for the provider's
   */
  record AwsRole(String roleArn, @Nullable String externalId, @Nullable String region)
      implements Credential {
    @Override
    public void erase() {}
  }
}
