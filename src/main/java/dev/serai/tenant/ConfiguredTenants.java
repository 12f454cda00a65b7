package dev.serai.tenant;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tenants of {@code config/tenants.yaml} and their keys; they stay as they are. */
public final class ConfiguredTenants {

  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Map<String, Tenant> byId;
  private final Map<String, GatewayKey> byHash;

  private ConfiguredTenants(Map<String, Tenant> byId, Map<String, GatewayKey> byHash) {
    this.byId = byId;
    this.byHash = byHash;
  }

  /**
   * Reads and checks the configuration.
   *
   * @throws IllegalStateException naming every entry at fault and its remedy
   */
  public static ConfiguredTenants of(TenantProperties properties) {
    Map<String, Tenant> byId = new LinkedHashMap<>();
    Map<String, GatewayKey> byHash = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    properties
        .tenants()
        .forEach(
            (id, entry) -> {
              String where = "config/tenants.yaml: " + id + ": ";
              if (!Tenant.validId(id)) {
                problems.add(where + "use 1 to 64 of A-Z a-z 0-9 . _ - as the tenant's id");
              }
              if (entry.maxInFlight() < 0) {
                problems.add(where + "max-in-flight is below 0: use 0 for no limit");
              }
              Tenant tenant =
                  new Tenant(
                      id,
                      entry.name().isBlank() ? id : entry.name(),
                      entry.tier(),
                      entry.maxInFlight());
              byId.put(id, tenant);
              for (String hash : entry.keySha256()) {
                if (!HASH.matcher(hash).matches()) {
                  problems.add(
                      where + "key-sha256 wants 64 hex digits: printf %s \"$KEY\" | sha256sum");
                } else if (byHash.put(hash, GatewayKey.configured(hash, tenant)) != null) {
                  problems.add(where + "a key may belong to one tenant only: make a new key");
                }
              }
            });
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "The tenants cannot be used:\n  " + String.join("\n  ", problems));
    }
    return new ConfiguredTenants(byId, byHash);
  }

  /** Whether there is any. */
  public boolean any() {
    return !byId.isEmpty();
  }

  /** All of them, in the order of the file. */
  public Collection<Tenant> all() {
    return byId.values();
  }

  /** The tenant with this id; null when there is none. */
  public @Nullable Tenant tenant(String id) {
    return byId.get(id);
  }

  /** The key with this hash ({@link GatewayKey#hashOf}); null when there is none. */
  public @Nullable GatewayKey key(String hash) {
    return byHash.get(hash);
  }

  /** A tenant's keys, in the order of the file. */
  public List<GatewayKey> keysOf(String tenantId) {
    return byHash.values().stream().filter(key -> key.tenant().id().equals(tenantId)).toList();
  }
}
