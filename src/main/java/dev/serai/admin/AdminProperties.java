package dev.serai.admin;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often the admin API may be asked, each 1 or more.
 *
 * @param requestsPerMinute by operators, all together
 * @param failuresPerMinute wrong credentials, all together; beyond it only addresses from which an
 *     operator came lately are listened to
 * @param failuresPerAddress wrong credentials from one address in a minute; beyond it nothing that
 *     comes from there is looked at
 */
@ConfigurationProperties("serai.admin")
public record AdminProperties(
    @DefaultValue("1200") int requestsPerMinute,
    @DefaultValue("60") int failuresPerMinute,
    @DefaultValue("10") int failuresPerAddress) {

  /** Refuses limits that nothing could keep. */
  public AdminProperties {
    if (requestsPerMinute < 1 || failuresPerMinute < 1 || failuresPerAddress < 1) {
      throw new IllegalArgumentException(
          "serai.admin.requests-per-minute, .failures-per-minute and .failures-per-address must be"
              + " at least 1");
    }
  }
}
