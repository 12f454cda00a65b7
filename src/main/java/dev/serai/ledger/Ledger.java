package dev.serai.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one row per call that may be billed: durable before the call leaves ({@link #open}), its end
 * safe on the local disk before the caller has the last byte ({@link #settled}), in the database
 * soon after ({@link #write}). Whatever a crash leaves behind is put right by {@link #start}.
 */
public final class Ledger {
  private static final Logger LOG = LoggerFactory.getLogger(Ledger.class);
  private static final Duration STOP_PATIENCE = Duration.ofSeconds(15);

  /** An id must be opened within this time after it was taken. */
  private static final Duration ID_LIFE = Duration.ofMinutes(1);

  private final DataSource dataSource;
  private final LedgerSettings settings;
  private final OutageSettings outage;
  private final Clock clock;
  private final RowIds ids;
  private final Replica replica;
  private final Journal journal;
  private final AwayRows awayRows;
  private final LostRows lost = new LostRows();
  private final Backlog backlog;
  private final GroupCommit groupCommit;
  private final Sweep sweep;
  private final ConcurrentHashMap<Long, Booking> mayBeOpen = new ConcurrentHashMap<>();
  private final ScheduledExecutorService sweeper;
  private volatile long openFrom;

  Ledger(
      DataSource dataSource, Path folder, LedgerSettings settings, Clock clock, boolean exclusive) {
    this(dataSource, folder, settings, OutageSettings.DEFAULTS, OutboxRows.NONE, clock, exclusive);
  }

  /**
   * Opens the journal; nothing is written before {@link #start}.
   *
   * @param folder where the journal lives; one process at a time
   * @param exclusive whether no other process can have the database open (an embedded one)
   */
  Ledger(
      DataSource dataSource,
      Path folder,
      LedgerSettings settings,
      OutageSettings outage,
      OutboxRows outbox,
      Clock clock,
      boolean exclusive) {
    this.dataSource = dataSource;
    this.settings = settings;
    this.outage = outage;
    this.clock = clock;
    this.ids = new RowIds(clock, 0);
    this.replica = new Replica(settings.lease());
    try {
      this.journal = new Journal(folder, settings.segmentBytes(), outage.awayBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder, e);
    }
    this.awayRows = new AwayRows(journal, ids::replica);
    Settling settling = new Settling(dataSource, mayBeOpen::get, outbox);
    this.backlog = new Backlog(dataSource, journal, awayRows, settling, clock);
    this.groupCommit = new GroupCommit(dataSource, settings, new LeaseOfRows());
    this.sweep = new Sweep(dataSource, clock, replica.id(), exclusive, outbox);
    this.sweeper =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ledger-sweeper").factory());
  }

  /**
   * Writes the settlements that a crash left in the journal, closes the rows that dead replicas
   * left open, and begins to take rows.
   *
   * @throws LedgerUnavailableException when the database or the journal cannot be used
   */
  public void start() {
    try {
      backlog.replay();
      register();
      int closed = sweep.run();
      if (closed > 0) {
        LOG.warn("{} calls were cut off by a crash; their rows hold the estimate", closed);
      }
      groupCommit.start();
    } catch (SQLException | IOException e) {
      throw new LedgerUnavailableException("the ledger cannot start", e);
    }
    long every = settings.sweepEvery().toMillis();
    var unused = sweeper.scheduleWithFixedDelay(this::tidy, every, every, TimeUnit.MILLISECONDS);
  }

  /** Writes what waits, leaves what cannot be written in the journal, and gives up the lease. */
  public void stop() {
    sweeper.shutdown();
    groupCommit.stop(STOP_PATIENCE);
    try (journal) {
      backlog.leftovers(Instant.MAX, this::write);
      if (mayBeOpen.isEmpty()) {
        try (Connection connection = dataSource.getConnection()) {
          connection.setAutoCommit(false);
          replica.leave(connection);
        }
      }
    } catch (SQLException | IOException | RuntimeException e) {
      LOG.warn("the rest of the ledger is written at the next start: {}", Faults.describe(e));
    }
  }

  /** An id for a row that is opened at once. */
  public long nextId() {
    return ids.next();
  }

  /** As {@link #open(OpenRow, boolean)}, of a row whose budgets, if any, are hard. */
  void open(OpenRow row) {
    open(row, row.reservation().any());
  }

  /**
   * Blocks until the row is durable: in the database, or, while that is away and {@link FailClosed}
   * lets the call go, in the journal.
   *
   * @param hardBudget whether a hard budget applies to the call
   * @throws LedgerUnavailableException when it is not; then the call must not leave
   * @throws BudgetExceededException when a budget has no room for its estimate; nothing is stored
   * @throws BudgetGoneException when a budget period that it names is gone; nothing is stored
   */
  public void open(OpenRow row, boolean hardBudget) {
    if (!awayRows.away() && journal.size() >= outage.mostUnwritten()) {
      throw new LedgerUnavailableException("too many settlements wait for the database");
    }
    mayBeOpen.put(row.id(), Booking.of(row));
    if (row.id() < openFrom) {
      mayBeOpen.remove(row.id());
      throw new LedgerUnavailableException("the row id is too old");
    }
    if (goesOnWithout(hardBudget)) {
      try {
        awayRows.keep(row);
        return;
      } catch (LedgerUnavailableException e) {
        mayBeOpen.remove(row.id());
        throw e;
      }
    }
    try {
      store(row, outage.failClosed().lets(hardBudget));
    } catch (BudgetExceededException | BudgetGoneException e) {
      mayBeOpen.remove(row.id());
      throw e;
    }
  }

  private void store(OpenRow row, boolean goesOn) {
    try {
      groupCommit.store(row, goesOn ? Lost.KEPT : lost);
    } catch (LedgerUnavailableException e) {
      if (!goesOn) {
        throw e;
      }
      try {
        if (!awayRows.away() || Thread.currentThread().isInterrupted()) {
          throw e;
        }
        awayRows.keep(row);
      } catch (LedgerUnavailableException refused) {
        lost.maybeStored(row.id());
        throw refused;
      }
    }
  }

  /**
   * Whether a call leaves now although the database is known to be away.
   *
   * @param hardBudget whether a hard budget applies to the call
   */
  public boolean goesOnWithout(boolean hardBudget) {
    return awayRows.away() && mayGoOnWithout(hardBudget);
  }

  /**
   * Whether a call leaves where the database turns out to be away.
   *
   * @param hardBudget whether a hard budget applies to the call
   */
  public boolean mayGoOnWithout(boolean hardBudget) {
    return outage.failClosed().lets(hardBudget);
  }

  /**
   * Makes the end of a call safe without touching the database; call it before the caller gets the
   * last byte, then see to it that {@link #write} gets the settlement. Should nobody do that, the
   * ledger does it itself after a while.
   *
   * @return false when the row was settled before; then nothing is to be done
   */
  public boolean settled(Settlement settlement) {
    try {
      return journal.append(settlement);
    } catch (UncheckedIOException e) {
      LOG.error("the journal takes no settlement, writing to the database: {}", e.toString());
      write(List.of(settlement));
      return true;
    }
  }

  /**
   * Writes settlements in one transaction. Rows that are settled already stay as they are.
   *
   * @throws LedgerUnavailableException when the database cannot be used; they stay in the journal
   */
  public void write(List<Settlement> settlements) {
    try {
      backlog.write(settlements);
    } catch (SQLException e) {
      throw new LedgerUnavailableException(
          "settlements could not be written: " + Faults.describe(e));
    }
    settlements.forEach(settlement -> mayBeOpen.remove(settlement.id()));
  }

  /** What the ledger is doing. */
  public LedgerStats stats() {
    return new LedgerStats(
        groupCommit.waiting(),
        groupCommit.rows(),
        groupCommit.commits(),
        mayBeOpen.size(),
        journal.size(),
        awayRows.away(),
        journal.rowsAway());
  }

  /** Names this process in the table {@code replicas}. */
  String replicaId() {
    return replica.id();
  }

  /** One round of what is done every {@link LedgerSettings#sweepEvery()}. */
  void tidy() {
    try {
      lost.again();
      backlog.leftovers(clock.instant().minus(settings.leftoverAfter()), this::write);
      int closed = sweep.run();
      if (closed > 0) {
        LOG.warn("{} rows of replicas that died were closed with the estimate", closed);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("the ledger could not be tidied, it is tried again: {}", Faults.describe(e));
    }
  }

  private void register() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      ids.replica(replica.register(connection, lowestOpen()));
    }
  }

  private void renew(Connection connection) throws SQLException {
    long from = lowestOpen();
    if (!replica.renew(connection, from)) {
      LOG.warn("this replica was taken for dead; it joins again");
      ids.replica(replica.register(connection, from));
    }
  }

  /**
   * The lowest id that a row of this replica can have while open. It is published before the second
   * look, so that a row opened in between either is seen or finds its id too old.
   */
  private long lowestOpen() {
    long candidate = lowestOf(mayBeOpen.keySet(), RowIds.lowestAt(clock.instant().minus(ID_LIFE)));
    openFrom = candidate;
    long lowest = lowestOf(mayBeOpen.keySet(), candidate);
    openFrom = lowest;
    return lowest;
  }

  private static long lowestOf(Collection<Long> ids, long bound) {
    return ids.stream().mapToLong(Long::longValue).reduce(bound, Math::min);
  }

  /** What the writer's connection is good for beside rows. */
  private final class LeaseOfRows implements Lease {
    @Override
    public void renew(Connection connection) throws SQLException {
      boolean wasAway = awayRows.away();
      Ledger.this.renew(connection);
      // The lease first: should this process die now, others find what it brings.
      awayRows.returned(connection);
      if (wasAway && !sweeper.isShutdown()) {
        sweeper.execute(Ledger.this::tidy);
      }
    }

    @Override
    public void broken() {
      awayRows.left();
    }
  }

  /** Rows whose calls do not leave. */
  private final class LostRows implements Lost {
    private final Set<Long> unclosed = ConcurrentHashMap.newKeySet();

    @Override
    public void neverStored(long id) {
      mayBeOpen.remove(id);
    }

    @Override
    public void maybeStored(long id) {
      try {
        if (settled(Settlement.notSent(id, "ledger_unavailable", clock.instant()))) {
          LOG.debug("row {} is closed as not sent", id);
        }
        unclosed.remove(id);
      } catch (RuntimeException e) {
        if (unclosed.add(id)) {
          LOG.error(
              "neither the journal nor the database takes that the call of row {} did not leave"
                  + " ({}); it is tried again: see to the disk",
              id,
              Faults.describe(e));
        }
      }
    }

    void again() {
      unclosed.forEach(this::maybeStored);
    }
  }
}
