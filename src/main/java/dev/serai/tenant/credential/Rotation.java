package dev.serai.tenant.credential;

import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * Brings all credentials under the current key-encryption key, a few at a time, while they are
 * used, and knows which cannot be opened. Every replica may do it at the same time.
 */
public final class Rotation implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);
  private static final int BATCH = 100;
  private static final Duration PAUSE = Duration.ofMillis(20);

  private final CredentialRows rows;
  private final KeyRing keys;
  private final Map<Owner, Unopenable> unopenable = new ConcurrentSkipListMap<>();
  private final ScheduledExecutorService worker =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("credential-rotation").daemon().factory());
  private volatile Progress last = new Progress(null, 0, 0, List.of());
  private boolean allSeen;
  private boolean failing;

  /** The keys that could not be reached in this pass; their rows wait for the next one. */
  private final Set<String> away = new HashSet<>();

  private record Unopenable(String keyName, Instant updatedAt) {}

  /**
   * How far it is.
   *
   * @param key the current key; null when there is none
   * @param done how many credentials are under it
   * @param left how many are not yet
   * @param unopenable those that cannot be opened with any key that is here
   */
  public record Progress(@Nullable String key, long done, long left, List<Stuck> unopenable) {}

  /**
   * A credential that cannot be opened.
   *
   * @param key the name of the key it was stored under
   */
  public record Stuck(String tenant, String provider, String key) {}

  Rotation(CredentialRows rows, KeyRing keys, Changes changes) {
    this.rows = rows;
    this.keys = keys;
    changes.listen(Kind.CREDENTIAL, this::changed);
  }

  private void changed(String subject) {
    int slash = subject.indexOf('/');
    if (slash > 0) {
      unopenable.remove(new Owner(subject.substring(0, slash), subject.substring(slash + 1)));
    }
  }

  /** Looks through all credentials now, and from then on for those that are under another key. */
  void start(Duration every) {
    var unused =
        worker.scheduleWithFixedDelay(this::run, 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      pass();
      last = progress();
      failing = false;
    } catch (DataAccessException e) {
      if (!failing) {
        LOG.warn("credentials cannot be looked through now: class={}", e.getClass().getName());
      }
      failing = true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("the rotation of credentials failed: class={}", e.getClass().getName());
    }
  }

  /** Once through the rows: the first time through all, to know what cannot be opened. */
  void pass() throws InterruptedException {
    KeyEncryption current = keys.current();
    String notUnder = allSeen && current != null ? current.name() : null;
    if (allSeen && current == null) {
      return;
    }
    int moved = 0;
    away.clear();
    if (current != null && notUnder != null) {
      lookAgain(current);
    }
    List<Sealed> page = rows.page(null, notUnder, BATCH);
    while (!page.isEmpty()) {
      for (Sealed row : page) {
        moved += look(row, current) ? 1 : 0;
      }
      if (page.size() < BATCH) {
        break;
      }
      Thread.sleep(PAUSE);
      page = rows.page(page.getLast().owner(), notUnder, BATCH);
    }
    allSeen = away.isEmpty();
    if (moved > 0) {
      LOG.info("{} credentials are under the current key-encryption key now", moved);
    }
  }

  /** A key service that refused may have been told to let us since. */
  private void lookAgain(KeyEncryption current) {
    for (Owner owner : unopenable.keySet()) {
      Sealed row = rows.find(owner);
      if (row != null && row.keyName().equals(current.name())) {
        var unused = look(row, current);
      }
    }
  }

  /** True when the row was brought under the current key. */
  private boolean look(Sealed row, @Nullable KeyEncryption current) {
    if (away.contains(row.keyName())) {
      return false;
    }
    byte[] dataKey = {};
    try {
      dataKey = keys.unwrap(row);
      row.open(dataKey).erase();
      unopenable.remove(row.owner());
      return current != null
          && !row.keyName().equals(current.name())
          && rows.rewrap(row, current.name(), current.wrap(dataKey, row.owner()));
    } catch (GeneralSecurityException e) {
      if (unopenable.put(row.owner(), new Unopenable(row.keyName(), row.updatedAt())) == null) {
        LOG.error(
            "the credential of {} cannot be opened: it was stored under key={}, which is {}; give"
                + " the gateway that key, or have the credential stored again",
            row.owner(),
            Owner.plain(row.keyName()),
            keys.has(row.keyName()) ? "here and does not open it" : "not configured");
      }
      return false;
    } catch (KeyUnavailableException e) {
      LOG.warn("key={}: {}", Owner.plain(row.keyName()), e.getMessage());
      away.add(row.keyName());
      return false;
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  /**
   * How far it is, as the database has it now.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public Progress progress() {
    KeyEncryption current = keys.current();
    String name = current == null ? null : current.name();
    long done = 0;
    long left = 0;
    for (Map.Entry<String, Long> count : rows.byKey().entrySet()) {
      if (count.getKey().equals(name)) {
        done += count.getValue();
      } else {
        left += count.getValue();
      }
    }
    List<Stuck> stuck = new ArrayList<>();
    for (Map.Entry<Owner, Unopenable> each : List.copyOf(unopenable.entrySet())) {
      Sealed row = rows.find(each.getKey());
      if (row == null || !row.updatedAt().equals(each.getValue().updatedAt())) {
        unopenable.remove(each.getKey(), each.getValue());
        continue;
      }
      stuck.add(new Stuck(row.owner().tenantId(), row.owner().provider(), row.keyName()));
      if (row.keyName().equals(name)) {
        done--;
      } else {
        left--;
      }
    }
    return new Progress(name, done, left, List.copyOf(stuck));
  }

  /** As it was after the latest look, for meters. */
  Progress last() {
    return last;
  }

  @Override
  public void close() {
    worker.shutdownNow();
  }
}
