package dev.serai.secret;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Secrets that are kept elsewhere, below {@code serai.secrets}.
 *
 * @param ttl how long a value is used before it is looked for again; more than 0
 * @param timeout how long one look-up may take, and so the longest that a start waits; more than 0
 */
@ConfigurationProperties("serai.secrets")
public record SecretSettings(
    @DefaultValue("5m") Duration ttl, @DefaultValue("10s") Duration timeout) {

  /**
   * Checks both.
   *
   * @throws SecretException when one of them is not more than 0
   */
  public SecretSettings {
    if (!ttl.isPositive() || !timeout.isPositive()) {
      throw new SecretException(
          "serai.secrets.ttl and serai.secrets.timeout must be more than 0.",
          "Give times such as 5m and 10s, or leave them out.");
    }
  }
}
