package dev.serai.limit;

import dev.serai.ledger.Change;
import dev.serai.ledger.Changes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;

/**
 * The limits in force, all of them in memory: no call waits for the database to learn its own. What
 * is set through the admin API is in force when the setting returns, and elsewhere as soon as the
 * change is heard of.
 */
public final class Limits implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Limits.class);
  private static final long AGAIN_MILLIS = 1000;

  private final LimitStore store;
  private final Map<Subject, Limit> configured;
  private final ScheduledExecutorService reader =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("limits").daemon().factory());
  private final AtomicBoolean due = new AtomicBoolean();
  private volatile Map<Subject, Limit> inForce;

  Limits(LimitStore store, Map<Subject, Limit> configured, Changes changes) {
    this.store = store;
    this.configured = configured;
    for (Change.Kind kind :
        List.of(Change.Kind.LIMIT, Change.Kind.TENANT, Change.Kind.GATEWAY_KEY)) {
      changes.listen(kind, subject -> readSoon());
    }
    inForce = Map.copyOf(configured);
    read();
  }

  /** Whether anything is limited at all. */
  boolean any() {
    return !inForce.isEmpty();
  }

  /** What a subject may use; null when it is not limited. */
  public @Nullable Limit of(Subject subject) {
    return inForce.get(subject);
  }

  /** Sets a limit: in force here when this returns, without losing what was consumed. */
  public void put(Subject subject, Limit limit, String actor) {
    try {
      store.put(subject, limit, actor);
    } catch (DuplicateKeyException e) {
      // Somebody else set the first one of this subject at the same moment.
      store.put(subject, limit, actor);
    }
    read();
  }

  /** What was set for a subject through the admin API; null when nothing was. */
  public @Nullable Limit find(Subject subject) {
    return store.find(subject);
  }

  /** Takes away what was set through the admin API; null when there was nothing. */
  public @Nullable Limit delete(Subject subject, String actor) {
    Limit before = store.find(subject);
    if (before != null) {
      store.delete(subject, before, actor);
      read();
    }
    return before;
  }

  /**
   * Takes away what was set for a tenant and its keys, inside the transaction of the caller, who
   * tells of a change of the tenant.
   */
  public void forgetTenant(String id) {
    store.forgetTenant(id);
  }

  /** As {@link #forgetTenant}, for a key. */
  public void forgetKey(String id) {
    store.forgetKey(id);
  }

  /**
   * Sets for a key what is set for the one whose place it takes, inside the transaction of the
   * caller, who tells of a change of the key.
   */
  public void copyKey(String from, String to) {
    Subject old = new Subject(Scope.KEY, from);
    Limit stored = store.find(old);
    Limit limit = stored == null ? configured.get(old) : stored;
    if (limit != null) {
      store.insert(new Subject(Scope.KEY, to), limit);
    }
  }

  private synchronized void read() {
    Map<Subject, Limit> all = new HashMap<>(configured);
    all.putAll(store.all());
    inForce = Map.copyOf(all);
  }

  /** Once for all changes that come before the reading begins. */
  private void readSoon() {
    if (due.compareAndSet(false, true)) {
      reader.execute(
          () -> {
            due.set(false);
            readSafely();
          });
    }
  }

  private void readSafely() {
    try {
      read();
    } catch (RuntimeException e) {
      LOG.warn("the limits cannot be read, those known stay: class={}", e.getClass().getName());
      var unused = reader.schedule(this::readSafely, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    reader.shutdownNow();
  }
}
