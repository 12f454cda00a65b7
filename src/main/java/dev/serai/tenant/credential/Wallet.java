package dev.serai.tenant.credential;

import dev.serai.catalog.Credential;
import dev.serai.tenant.credential.TenantCredentials.Found;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The credentials of one tenant, each opened when it is first needed, until all are erased. */
final class Wallet {

  private static final Logger LOG = LoggerFactory.getLogger(Wallet.class);
  private static final long AGAIN_NANOS = Duration.ofSeconds(5).toNanos();
  private static final Found NONE = new Found.None();
  private static final Found LOCKED = new Found.Locked();

  /** Which state of all credentials it was read in. */
  final long generation;

  private final KeyRing keys;
  private final LongSupplier nanos;
  private final Map<String, Slot> byProvider = HashMap.newHashMap(2);
  private volatile boolean erased;

  private static final class Slot {
    final Sealed row;
    volatile @Nullable Found found;
    volatile long lockedUntil;

    Slot(Sealed row) {
      this.row = row;
    }
  }

  Wallet(List<Sealed> rows, KeyRing keys, long generation, LongSupplier nanos) {
    this.keys = keys;
    this.generation = generation;
    this.nanos = nanos;
    rows.forEach(row -> byProvider.put(row.owner().provider(), new Slot(row)));
  }

  boolean isEmpty() {
    return byProvider.isEmpty();
  }

  /** What is there for a provider; null when this wallet was erased: look for a fresh one. */
  @Nullable Found find(String provider) {
    Slot slot = byProvider.get(provider);
    if (slot == null) {
      return erased ? null : NONE;
    }
    Found found = slot.found;
    return erased ? null : found != null ? found : open(slot);
  }

  /** Opened outside of any lock: a key service may take its time, and erasing must not wait. */
  private @Nullable Found open(Slot slot) {
    if (slot.lockedUntil != 0 && nanos.getAsLong() - slot.lockedUntil < 0) {
      return LOCKED;
    }
    Found opened;
    try {
      opened = new Found.Open(slot.row.open(keys));
    } catch (GeneralSecurityException e) {
      LOG.error(
          "the credential of {} cannot be opened, so that its calls are refused: it was stored"
              + " under key={}, which is {}",
          slot.row.owner(),
          Owner.plain(slot.row.keyName()),
          keys.has(slot.row.keyName()) ? "here and does not open it" : "not configured");
      opened = LOCKED;
    } catch (KeyUnavailableException e) {
      LOG.error("the credential of {} cannot be opened now: {}", slot.row.owner(), e.getMessage());
      slot.lockedUntil = nanos.getAsLong() + AGAIN_NANOS;
      return LOCKED;
    }
    return settle(slot, opened);
  }

  private synchronized @Nullable Found settle(Slot slot, Found opened) {
    Found first = slot.found;
    if (erased || first != null) {
      if (opened instanceof Found.Open(Credential late)) {
        late.erase();
      }
      return erased ? null : first;
    }
    slot.found = opened;
    return opened;
  }

  /** Overwrites what was opened; nothing is found here any longer. */
  synchronized void erase() {
    erased = true;
    for (Slot slot : byProvider.values()) {
      if (slot.found instanceof Found.Open(Credential credential)) {
        credential.erase();
      }
      slot.found = null;
    }
  }
}
