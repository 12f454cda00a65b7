package dev.serai.catalog;

import org.jspecify.annotations.Nullable;

/** Where the credentials of a provider on AWS come from. */
public sealed interface AwsCredentials {

  /** Whether a call can be signed, as far as is known before it is made. */
  default boolean usable() {
    return true;
  }

  /**
   * Keys from the configuration.
   *
   * @param accessKeyId names the key
   * @param secretAccessKey signs the requests
   * @param sessionToken comes with temporary keys; null for lasting ones
   */
  record Keys(Secret accessKeyId, Secret secretAccessKey, @Nullable Secret sessionToken)
      implements AwsCredentials {
    @Override
    public boolean usable() {
      return accessKeyId.present() && secretAccessKey.present();
    }
  }

  /** A profile of the AWS configuration files of the user the gateway runs as. */
  record Profile(String name) implements AwsCredentials {}

  /** Whatever the AWS SDK finds by itself: the role of a pod, a container or an instance. */
  record DefaultChain() implements AwsCredentials {}

  /** None were given: the provider cannot be called. */
  record Missing() implements AwsCredentials {
    @Override
    public boolean usable() {
      return false;
    }
  }
}
