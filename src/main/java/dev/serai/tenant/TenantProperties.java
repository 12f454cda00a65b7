package dev.serai.tenant;

import java.util.List;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code config/tenants.yaml} as written.
 *
 * @param tenants by id
 */
@ConfigurationProperties("serai")
public record TenantProperties(@DefaultValue Map<String, Entry> tenants) {

  /**
   * One tenant.
   *
   * @param name for people; the id when blank
   * @param tier whose provider account pays: {@code trial} or {@code standard}
   * @param keySha256 SHA-256 of each gateway key, lower-case hex
   * @param maxInFlight the most requests at the same time; 0 = no limit of its own
   */
  public record Entry(
      @DefaultValue("") String name,
      @DefaultValue("trial") Tier tier,
      @DefaultValue List<String> keySha256,
      @DefaultValue("0") int maxInFlight) {}
}
