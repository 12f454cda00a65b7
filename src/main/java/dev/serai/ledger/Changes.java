package dev.serai.ledger;

import dev.serai.ledger.Change.Kind;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Changes of what the gateway goes by while it runs: tenants, keys, credentials, limits. Each is
 * written down together with its audit in one transaction, and every replica hears of it, at once
 * where it was made and within a fraction of a second elsewhere.
 */
public final class Changes implements AutoCloseable {

  /** What a listener hears when it may have missed something: all of that kind may be different. */
  public static final String ALL = "*";

  private static final Logger LOG = LoggerFactory.getLogger(Changes.class);

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final Clock clock;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final ScheduledExecutorService poller =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("changes").daemon().factory());
  private long last = -1;
  private boolean away;

  private record Listener(Kind kind, Consumer<String> action) {}

  private record Heard(long number, Kind kind, String subject) {}

  Changes(JdbcClient jdbc, TransactionOperations transactions, Clock clock) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** Looks for changes of other replicas from now on, as often as that. */
  void start(Duration every) {
    var unused =
        poller.scheduleWithFixedDelay(this::look, 0, every.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Calls back after each change of a kind, with its subject, or with {@link #ALL}. The action is
   * to forget what it knew; it must not throw and must not wait.
   */
  public void listen(Kind kind, Consumer<String> action) {
    listeners.add(new Listener(kind, action));
  }

  /**
   * Makes a change: runs the work, writes the audit, and tells everybody when both are committed.
   *
   * @param work says, from inside the transaction, what was changed
   * @throws DuplicateKeyException when something of that name is there already
   * @throws LedgerUnavailableException when the database cannot be used; nothing is changed then
   */
  public Change make(Supplier<Change> work) {
    try {
      Change made =
          transactions.execute(
              status -> {
                Change change = work.get();
                write(change);
                return change;
              });
      if (made == null) {
        throw new IllegalStateException("a change says what it changed");
      }
      tell(made.kind(), made.subject());
      return made;
    } catch (DuplicateKeyException e) {
      throw e;
    } catch (DataAccessException | TransactionException e) {
      throw new LedgerUnavailableException(
          "the change was not written: "
              + Faults.describe(NestedExceptionUtils.getMostSpecificCause(e)));
    }
  }

  private void write(Change change) {
    jdbc.sql("UPDATE change_number SET last = last + 1").update();
    jdbc.sql(
            "INSERT INTO audit (id, made_at, actor, action, kind, subject, old_value, new_value)"
                + " VALUES ((SELECT last FROM change_number), :at, :actor, :action, :kind,"
                + " :subject, :before, :after)")
        .param("at", clock.instant().atOffset(ZoneOffset.UTC))
        .param("actor", change.actor())
        .param("action", change.action())
        .param("kind", change.kind().name().toLowerCase(Locale.ROOT))
        .param("subject", change.subject())
        .param("before", change.before())
        .param("after", change.after())
        .update();
  }

  private void look() {
    try {
      if (last < 0 || away) {
        long now = jdbc.sql("SELECT last FROM change_number").query(Long.class).single();
        if (now != last) {
          last = now;
          for (Kind kind : Kind.values()) {
            tell(kind, ALL);
          }
        }
        away = false;
        return;
      }
      for (Heard change : since(last)) {
        last = change.number();
        tell(change.kind(), change.subject());
      }
    } catch (RuntimeException e) {
      if (!away) {
        LOG.warn("changes of other replicas cannot be read: class={}", e.getClass().getName());
      }
      away = true;
    }
  }

  private List<Heard> since(long number) {
    return jdbc.sql("SELECT id, kind, subject FROM audit WHERE id > :last ORDER BY id")
        .param("last", number)
        .query(
            (rows, i) ->
                new Heard(
                    rows.getLong(1),
                    Kind.valueOf(rows.getString(2).toUpperCase(Locale.ROOT)),
                    rows.getString(3)))
        .list();
  }

  private void tell(Kind kind, String subject) {
    for (Listener listener : listeners) {
      if (listener.kind() != kind) {
        continue;
      }
      try {
        listener.action().accept(subject);
      } catch (RuntimeException e) {
        LOG.error("a change of kind={} was not followed: class={}", kind, e.getClass().getName());
      }
    }
  }

  @Override
  public void close() {
    poller.shutdownNow();
  }
}
