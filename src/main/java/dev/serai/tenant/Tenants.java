package dev.serai.tenant;

import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.ledger.LedgerUnavailableException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Who may call: the tenants of the configuration and those of the database, with their keys. What
 * was looked up is remembered, so that calls cost no query; a change, wherever it was made, is
 * followed as soon as {@link Changes} tells of it. Every method throws {@link
 * LedgerUnavailableException} when it would need the database and cannot use it.
 */
public final class Tenants {

  /** The key that works until there is a tenant, and only from this machine. */
  public static final String DEV_KEY = "sk-serai-dev";

  /** The tenant behind {@link #DEV_KEY}. */
  public static final Tenant DEV = new Tenant("dev", "Development", Tier.TRIAL, 0);

  /** {@link #DEV_KEY}, as one of the keys. */
  public static final GatewayKey DEV_GATEWAY_KEY =
      GatewayKey.configured(GatewayKey.hashOf(DEV_KEY), DEV);

  private static final String ANY_TENANT = "tenants";

  /** Queries at a time, so that a flood of unknown keys leaves connections for the ledger. */
  private static final int QUERIES = 3;

  private static final int QUERY_WAIT_SECONDS = 5;

  private final ConfiguredTenants configuration;
  private final TenantStore store;
  private final KeyStore keyStore;
  private final Clock clock;
  private final ChangeMarks marks = new ChangeMarks(Remembered.KEEP.multipliedBy(2));
  private final Semaphore queries = new Semaphore(QUERIES, true);
  private final Remembered<Tenant> tenants =
      new Remembered<>(marks, this::lookTenantUp, (id, found) -> List.of(subject(id), ANY_TENANT));
  private final Remembered<GatewayKey> keys =
      new Remembered<>(marks, this::lookKeyUp, (name, found) -> subjects(found));

  private volatile boolean anyStored;

  /** When the database last said that there was never any; before that, never. */
  private volatile long noneReadAt = -1;

  /** A directory that follows the changes from now on. */
  public Tenants(
      ConfiguredTenants configuration,
      TenantStore store,
      KeyStore keyStore,
      Changes changes,
      Clock clock) {
    this.configuration = configuration;
    this.store = store;
    this.keyStore = keyStore;
    this.clock = clock;
    changes.listen(Kind.TENANT, this::tenantChanged);
    changes.listen(Kind.GATEWAY_KEY, this::keyChanged);
  }

  /** Whether there is or was any tenant; from then on the development key is worth nothing. */
  public boolean configured() {
    if (configuration.any() || anyStored) {
      return true;
    }
    if (marks.old(noneReadAt, List.of(ANY_TENANT))) {
      long readAt = marks.now();
      if (asking(store::everAny)) {
        anyStored = true;
      } else {
        noneReadAt = readAt;
      }
    }
    return anyStored;
  }

  /**
   * The key that was presented, if it is worth something now.
   *
   * @param name {@link GatewayKey#nameOf} what was presented
   */
  public @Nullable GatewayKey key(String name) {
    return valid(keys.find(name));
  }

  /** As {@link #key(String)}, for what {@link #keys} has for the name already. */
  public @Nullable GatewayKey key(String name, Looked<GatewayKey> found) {
    return valid(keys.current(name, found));
  }

  /** What is remembered of keys, by name; what it has may be old. */
  public LoadingCache<String, Looked<GatewayKey>> keys() {
    return keys.cache();
  }

  /** The tenant with this id; null when there is none. */
  public @Nullable Tenant tenant(String id) {
    Tenant configured = configuration.tenant(id);
    return configured != null || !Tenant.validId(id) ? configured : tenants.find(id);
  }

  private @Nullable GatewayKey valid(@Nullable GatewayKey key) {
    return key == null || key.expired(clock.instant()) ? null : key;
  }

  private @Nullable Tenant lookTenantUp(String id) {
    if (!configured()) {
      return id.equals(DEV.id()) ? DEV : null;
    }
    StoredTenant found = asking(() -> store.find(id));
    return found == null ? null : found.tenant();
  }

  private @Nullable GatewayKey lookKeyUp(String name) {
    String hash = GatewayKey.hashIn(name);
    GatewayKey configured = configuration.key(hash);
    if (configured != null) {
      return configured;
    }
    if (DEV_GATEWAY_KEY.matches(hash)) {
      return configured() ? null : DEV_GATEWAY_KEY;
    }
    GatewayKey stored = GatewayKey.mayBeStored(name) ? asking(() -> keyStore.byHash(hash)) : null;
    Tenant owner = stored == null ? null : configuration.tenant(stored.tenant().id());
    return stored == null || owner == null ? stored : stored.of(owner);
  }

  private <T extends @Nullable Object> T asking(Supplier<T> question) {
    try {
      if (!queries.tryAcquire(QUERY_WAIT_SECONDS, TimeUnit.SECONDS)) {
        throw new LedgerUnavailableException("too many keys and tenants are being looked up");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while a key or tenant was looked up", e);
    }
    try {
      return question.get();
    } catch (DataAccessException e) {
      throw new LedgerUnavailableException("keys and tenants cannot be read", e);
    } finally {
      queries.release();
    }
  }

  private static List<String> subjects(@Nullable GatewayKey key) {
    if (key == null) {
      return List.of();
    }
    return key.equals(DEV_GATEWAY_KEY)
        ? List.of(ANY_TENANT)
        : List.of("key:" + key.id(), subject(key.tenant().id()));
  }

  private static String subject(String tenantId) {
    return "tenant:" + tenantId;
  }

  private void tenantChanged(String id) {
    if (id.equals(Changes.ALL)) {
      marks.markAll();
      return;
    }
    boolean first = !anyStored;
    anyStored = true;
    if (first) {
      marks.mark(ANY_TENANT);
    }
    marks.mark(subject(id));
  }

  private void keyChanged(String id) {
    if (id.equals(Changes.ALL)) {
      marks.markAll();
    } else {
      marks.mark("key:" + id);
    }
  }
}
