package dev.serai.tenant;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The configured tenants and their keys. */
public final class Tenants {

  /** The key that works while no tenant is configured, and only from this machine. */
  public static final String DEV_KEY = "sk-serai-dev";

  /** The tenant behind {@link #DEV_KEY}. */
  public static final Tenant DEV = new Tenant("dev", "Development", 0);

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,64}");
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

  private final Map<String, Tenant> byId;
  private final Map<String, GatewayKey> byHash;

  private Tenants(Map<String, Tenant> byId, Map<String, GatewayKey> byHash) {
    this.byId = byId;
    this.byHash = byHash;
  }

  /**
   * Reads and checks the configuration.
   *
   * @throws IllegalStateException naming every entry at fault and its remedy
   */
  public static Tenants of(TenantProperties properties) {
    Map<String, Tenant> byId = new LinkedHashMap<>();
    Map<String, GatewayKey> byHash = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    properties
        .tenants()
        .forEach(
            (id, entry) -> {
              String where = "config/tenants.yaml: " + id + ": ";
              if (!ID.matcher(id).matches()) {
                problems.add(where + "use 1 to 64 of A-Z a-z 0-9 . _ - as the tenant's id");
              }
              if (entry.maxInFlight() < 0) {
                problems.add(where + "max-in-flight is below 0: use 0 for no limit");
              }
              Tenant tenant =
                  new Tenant(id, entry.name().isBlank() ? id : entry.name(), entry.maxInFlight());
              byId.put(id, tenant);
              for (String hash : entry.keySha256()) {
                if (!HASH.matcher(hash).matches()) {
                  problems.add(
                      where + "key-sha256 wants 64 hex digits: printf %s \"$KEY\" | sha256sum");
                } else if (byHash.put(hash, new GatewayKey(hash, tenant)) != null) {
                  problems.add(where + "a key may belong to one tenant only: make a new key");
                }
              }
            });
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "The tenants cannot be used:\n  " + String.join("\n  ", problems));
    }
    return new Tenants(byId, byHash);
  }

  /** Whether any tenant is configured; from then on the development key is worth nothing. */
  public boolean configured() {
    return !byId.isEmpty();
  }

  /** The key with this hash ({@link GatewayKey#hashOf}); null when there is none. */
  public @Nullable GatewayKey key(String hash) {
    return byHash.get(hash);
  }

  /** The tenant with this id; null when there is none. */
  public @Nullable Tenant tenant(String id) {
    return configured() ? byId.get(id) : id.equals(DEV.id()) ? DEV : null;
  }
}
