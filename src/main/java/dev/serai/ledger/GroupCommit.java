package dev.serai.ledger;

import dev.serai.ledger.BudgetRows.Standing;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores rows for many waiting threads in shared transactions: one thread with one connection takes
 * whatever waits, inserts and commits it, and lets its owners go on. While it commits, the next
 * transaction's rows gather.
 */
final class GroupCommit {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);
  private static final Ticket[] NONE = {};

  /** How often a lone row comes again. */
  private static final int TRIES = 2;

  /** How long a stop may go unnoticed. */
  private static final long PATIENCE_MILLIS = 100;

  /** How late the end of a wait may be noticed. */
  private static final long TICK_NANOS = 50_000_000;

  /** How soon a connection is tried again. */
  private static final long AGAIN_NANOS = 500_000_000;

  /** How long after a refusal the budgets are asked before rows are inserted. */
  private static final long REFUSING_NANOS = 1_000_000_000;

  private final LedgerSettings settings;
  private final Lease lease;
  private final WriterConnection database;
  private final BlockingQueue<Ticket> queue;
  private final Thread writer;
  private final Thread patience;
  private final AtomicLong commits = new AtomicLong();
  private final AtomicLong rows = new AtomicLong();
  private volatile boolean running = true;
  private volatile boolean ended;
  private volatile Ticket[] storing = NONE;

  private long triedAt = System.nanoTime();
  private long refusedAt = System.nanoTime() - REFUSING_NANOS;
  private long committedAt;
  private int committedRows;

  GroupCommit(DataSource dataSource, LedgerSettings settings, Lease lease) {
    this.settings = settings;
    this.lease = lease;
    this.database = new WriterConnection(dataSource, settings, lease);
    this.queue = new ArrayBlockingQueue<>(settings.queueRows());
    this.writer = Thread.ofPlatform().name("ledger-writer").daemon().unstarted(this::run);
    this.patience = Thread.ofPlatform().name("ledger-patience").daemon().unstarted(this::endWaits);
  }

  /** Takes the connection, renews the lease and begins to write. */
  void start() throws SQLException {
    database.connected();
    writer.start();
    patience.start();
  }

  /** Returns when the row is durable; throws when it is not. */
  void store(OpenRow row, Lost lost) {
    Ticket ticket = new Ticket(row, lost);
    if (ended || !queue.offer(ticket)) {
      lost.neverStored(row.id());
      throw new LedgerUnavailableException(
          ended ? "the ledger is closed" : "too many rows wait for the ledger");
    }
    if (ended && queue.remove(ticket)) {
      lost.neverStored(row.id());
      throw new LedgerUnavailableException("the ledger is closed");
    }
    ticket.await();
  }

  /** Writes what waits, then ends. */
  void stop(Duration patience) {
    // No interrupt: it would close the file of an embedded H2 under the writer.
    running = false;
    try {
      writer.join(patience);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  int waiting() {
    return queue.size();
  }

  long commits() {
    return commits.get();
  }

  long rows() {
    return rows.get();
  }

  private void run() {
    List<Ticket> batch = new ArrayList<>(settings.batchRows());
    while (running || !queue.isEmpty()) {
      batch.clear();
      try {
        round(batch);
      } catch (RuntimeException | Error e) {
        LOG.error(
            "the ledger's writer goes on after {} at {}",
            Faults.describe(e),
            List.of(e.getStackTrace()));
        batch.forEach(ticket -> ticket.failed(Faults.describe(e)));
      }
    }
    ended = true;
    database.disconnect();
    queue.forEach(ticket -> fail(ticket, null, false));
  }

  private void round(List<Ticket> batch) {
    take(batch);
    drop(batch);
    if (!batch.isEmpty() || System.nanoTime() - triedAt >= patience()) {
      store(batch);
    }
  }

  /** The database hangs; whether it still does is looked at soon. */
  private void suspect() {
    database.suspect();
    lease.broken();
  }

  /** How long the database is left alone at most. */
  private long patience() {
    return database.doubtful() ? AGAIN_NANOS : settings.renewEvery().toNanos();
  }

  /** Ends the waits that have lasted too long, whatever the writer is stuck in. */
  private void endWaits() {
    long limit = settings.openTimeout().toNanos();
    while (!ended) {
      LockSupport.parkNanos(this, TICK_NANOS);
      for (Ticket ticket : storing) {
        ticket.expire(limit, this::suspect);
      }
      queue.forEach(ticket -> ticket.expire(limit, this::suspect));
    }
  }

  private void take(List<Ticket> batch) {
    try {
      Ticket first = queue.poll(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      if (first != null) {
        batch.add(first);
        gather();
        queue.drainTo(batch, settings.batchRows() - 1);
      }
    } catch (InterruptedException e) {
      LOG.warn("the ledger's writer was interrupted; it goes on");
    }
  }

  private void drop(List<Ticket> batch) {
    batch.removeIf(
        ticket -> {
          if (ticket.abandoned()) {
            ticket.lost.neverStored(ticket.row.id());
            return true;
          }
          return false;
        });
  }

  private void store(List<Ticket> batch) {
    triedAt = System.nanoTime();
    storing = batch.toArray(NONE);
    if (!batch.isEmpty() && triedAt - refusedAt < REFUSING_NANOS) {
      storeFitting(batch, TRIES);
    } else {
      storeAll(batch);
    }
  }

  private void storeAll(List<Ticket> batch) {
    boolean committing = false;
    try {
      NamedSql.Prepared statement = database.connected();
      if (batch.isEmpty()) {
        return;
      }
      statement.executeBatch(batch);
      if (!BudgetRows.reserve(database.get(), BudgetRows.sums(batch))) {
        database.get().rollback();
        storeFitting(batch, TRIES);
        return;
      }
      committing = true;
      commit(batch.size());
      batch.forEach(this::done);
    } catch (SQLException e) {
      if (!batch.isEmpty() && Faults.data(e) && database.usable()) {
        batch.forEach(ticket -> storeFitting(List.of(ticket), TRIES));
      } else if (!committing && Faults.clash(e) && database.usable()) {
        storeFitting(batch, TRIES);
      } else {
        giveUp(batch, e, committing);
      }
    } catch (RuntimeException | Error e) {
      giveUp(batch, e, true);
    }
  }

  /**
   * Stores those for which the budgets have room, in the order in which they came.
   *
   * @param tries how often a lone row comes again where another transaction was in the way
   */
  private void storeFitting(List<Ticket> batch, int tries) {
    boolean committing = false;
    List<Ticket> fitting = new ArrayList<>(batch.size());
    Map<Ticket, RuntimeException> refused = new LinkedHashMap<>();
    try {
      NamedSql.Prepared statement = database.connected();
      take(batch, fitting, refused);
      if (fitting.isEmpty()) {
        database.get().rollback();
      } else {
        statement.executeBatch(fitting);
        BudgetRows.add(database.get(), BudgetRows.sums(fitting));
        committing = true;
        commit(fitting.size());
      }
      fitting.forEach(this::done);
      refused.forEach(this::refuse);
    } catch (SQLException e) {
      boolean usable = (Faults.data(e) || (!committing && Faults.clash(e))) && database.usable();
      if (usable && batch.size() > 1) {
        batch.forEach(ticket -> storeFitting(List.of(ticket), TRIES));
      } else if (usable && tries > 0) {
        storeFitting(batch, tries - 1);
      } else if (usable) {
        batch.forEach(ticket -> fail(ticket, e, false));
      } else {
        giveUp(batch, e, committing);
      }
    } catch (RuntimeException e) {
      giveUp(batch, e, true);
    }
  }

  /** Locks the budgets and sorts out for whom they have room. */
  private void take(List<Ticket> batch, List<Ticket> fitting, Map<Ticket, RuntimeException> refused)
      throws SQLException {
    Map<Long, Standing> standing =
        BudgetRows.lock(database.get(), BudgetRows.sums(batch).periods());
    for (Ticket ticket : batch) {
      RuntimeException reason = BudgetRows.take(ticket.row.reservation(), standing);
      if (reason == null) {
        fitting.add(ticket);
      } else {
        refused.put(ticket, reason);
      }
    }
    if (!refused.isEmpty()) {
      refusedAt = System.nanoTime();
    }
  }

  private void refuse(Ticket ticket, RuntimeException reason) {
    ticket.lost.neverStored(ticket.row.id());
    ticket.refused(reason);
  }

  private void commit(int size) throws SQLException {
    database.get().commit();
    commits.incrementAndGet();
    committedAt = System.nanoTime();
    committedRows = size;
  }

  /** Lets more rows come when the last transaction shows that they do. */
  private void gather() {
    long left = settings.gather().toNanos() - (System.nanoTime() - committedAt);
    if (left > 0 && committedRows > 1 && running && queue.size() < settings.batchRows()) {
      LockSupport.parkNanos(this, left);
    }
  }

  private void done(Ticket ticket) {
    rows.incrementAndGet();
    if (!ticket.committed()) {
      ticket.lost.maybeStored(ticket.row.id());
    }
  }

  private void giveUp(List<Ticket> batch, Throwable reason, boolean maybeStored) {
    database.disconnect();
    lease.broken();
    if (!batch.isEmpty()) {
      LOG.warn("{} rows could not be stored: {}", batch.size(), Faults.describe(reason));
    }
    batch.forEach(ticket -> fail(ticket, reason, maybeStored));
  }

  private void fail(Ticket ticket, @Nullable Throwable reason, boolean maybeStored) {
    ticket.failed(reason == null ? "it is closed" : Faults.describe(reason));
    if (maybeStored) {
      ticket.lost.maybeStored(ticket.row.id());
    } else {
      ticket.lost.neverStored(ticket.row.id());
    }
  }
}
