package dev.serai.tenant.credential;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.RemovalCause;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.serai.catalog.Credential;
import dev.serai.catalog.Provider;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.Change;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.ledger.LedgerUnavailableException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;

/**
 * The credentials that tenants have of their own: stored encrypted, and held open for a short time.
 */
public final class Credentials implements TenantCredentials, AutoCloseable {

  private static final int MOST_TENANTS = 50_000;

  private final CredentialRows rows;
  private final KeyRing keys;
  private final Changes changes;
  private final Clock clock;
  private final LoadingCache<String, Wallet> wallets;
  private final AtomicLong generation = new AtomicLong();

  /**
   * One of them, as it may be shown.
   *
   * @param provider the provider's id
   * @param kind {@code api_key}, {@code aws_keys} or {@code aws_role}
   * @param hint the last four characters of what names it, by which people recognise it
   */
  public record Listed(
      String provider, String kind, String hint, Instant createdAt, Instant updatedAt) {}

  Credentials(CredentialRows rows, KeyRing keys, Changes changes, Clock clock, Duration keep) {
    this.rows = rows;
    this.keys = keys;
    this.changes = changes;
    this.clock = clock;
    wallets =
        Caffeine.newBuilder()
            .maximumSize(MOST_TENANTS)
            .expireAfterWrite(keep)
            .scheduler(Scheduler.systemScheduler())
            .executor(Runnable::run)
            .removalListener(
                (@Nullable String tenant, @Nullable Wallet wallet, RemovalCause cause) -> {
                  if (wallet != null) {
                    wallet.erase();
                  }
                })
            .build(this::load);
    changes.listen(Kind.CREDENTIAL, this::forget);
    changes.listen(Kind.TENANT, this::forget);
  }

  private void forget(String subject) {
    if (subject.equals(Changes.ALL)) {
      generation.incrementAndGet();
      wallets.invalidateAll();
      return;
    }
    int slash = subject.indexOf('/');
    wallets.invalidate(slash < 0 ? subject : subject.substring(0, slash));
  }

  private Wallet load(String tenantId) {
    long read = generation.get();
    try {
      return new Wallet(rows.of(tenantId), keys, read, System::nanoTime);
    } catch (DataAccessException e) {
      throw new LedgerUnavailableException(
          "the tenant's credentials cannot be read: " + e.getClass().getSimpleName());
    }
  }

  private Wallet wallet(String tenantId) {
    Wallet wallet = wallets.get(tenantId);
    while (wallet.generation != generation.get()) {
      wallets.asMap().remove(tenantId, wallet);
      wallet = wallets.get(tenantId);
    }
    return wallet;
  }

  @Override
  public Found find(String tenantId, String provider) {
    Found found = null;
    while (found == null) {
      found = wallet(tenantId).find(provider);
    }
    return found;
  }

  @Override
  public boolean any(String tenantId) {
    return !wallet(tenantId).isEmpty();
  }

  /**
   * Stores one in place of what is there, encrypted, with its audit.
   *
   * @param actor who does it
   * @throws ApiException when there is no key-encryption key, or it cannot be used
   * @throws LedgerUnavailableException when the database cannot be used
   */
  public void store(String actor, String tenantId, Provider provider, Credential credential) {
    Owner owner = new Owner(tenantId, provider.id());
    Sealed sealed = sealed(owner, credential);
    try {
      put(actor, sealed);
    } catch (DuplicateKeyException e) {
      // Somebody else stored the first one at the same time: this one is now in place of it.
      put(actor, sealed);
    }
  }

  private void put(String actor, Sealed sealed) {
    changes.make(
        () -> {
          Sealed before = rows.find(sealed.owner());
          rows.put(sealed);
          return change(actor, sealed.owner(), before, sealed);
        });
  }

  private Sealed sealed(Owner owner, Credential credential) {
    KeyEncryption key = keys.current();
    if (key == null) {
      throw new ApiException(
          ApiError.invalidRequest(
              "This gateway has no key to encrypt credentials with: start it with SERAI_MASTER_KEY"
                  + " set to base64 of 32 bytes (openssl rand -base64 32).",
              null,
              "master_key_missing"));
    }
    try {
      return Sealed.of(owner, credential, key, clock.instant());
    } catch (GeneralSecurityException | KeyUnavailableException e) {
      throw new ApiException(
          ApiError.noTarget(
              "The key-encryption key cannot be used now, and nothing was stored: "
                  + e.getMessage()
                  + ". Check it and try again.",
              Duration.ofSeconds(10)));
    }
  }

  /**
   * Takes one away, with its audit; false when there was none.
   *
   * @throws LedgerUnavailableException when the database cannot be used
   */
  public boolean delete(String actor, String tenantId, String provider) {
    Owner owner = new Owner(tenantId, provider);
    if (rows.find(owner) == null) {
      return false;
    }
    changes.make(
        () -> {
          Sealed before = rows.find(owner);
          rows.delete(owner);
          return change(actor, owner, before, null);
        });
    return true;
  }

  /**
   * Takes away all that are stored under the id of a tenant, also those of one that stood in the
   * files, inside the transaction of the caller, who tells of a change of the tenant.
   */
  public void forgetTenant(String tenantId) {
    rows.forget(tenantId);
  }

  private static Change change(
      String actor, Owner owner, @Nullable Sealed before, @Nullable Sealed after) {
    String action = after == null ? "delete" : before == null ? "create" : "update";
    return new Change(actor, action, Kind.CREDENTIAL, owner.subject(), json(before), json(after));
  }

  /** Its values are of a few harmless characters. */
  private static @Nullable String json(@Nullable Sealed row) {
    return row == null
        ? null
        : "{\"provider\":\"%s\",\"kind\":\"%s\",\"hint\":\"%s\"}"
            .formatted(row.owner().provider(), row.kind(), row.hint());
  }

  /** Those of a tenant, by provider. */
  public List<Listed> list(String tenantId) {
    return rows.of(tenantId).stream()
        .map(
            row ->
                new Listed(
                    row.owner().provider(),
                    row.kind(),
                    row.hint(),
                    row.createdAt(),
                    row.updatedAt()))
        .toList();
  }

  /** Erases all that is open. */
  @Override
  public void close() {
    wallets.invalidateAll();
    keys.close();
  }
}
