package dev.serai.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
  private static final int REPLAY_ROWS = 500;

  /** An id must be opened within this time after it was taken. */
  private static final Duration ID_LIFE = Duration.ofMinutes(1);

  private final DataSource dataSource;
  private final LedgerSettings settings;
  private final Clock clock;
  private final RowIds ids;
  private final Replica replica;
  private final Journal journal;
  private final Settling settling;
  private final GroupCommit groupCommit;
  private final Sweep sweep;
  private final Set<Long> mayBeOpen = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService sweeper;
  private volatile long openFrom;

  /**
   * Opens the journal; nothing is written before {@link #start}.
   *
   * @param folder where the journal lives; one process at a time
   * @param exclusive whether no other process can have the database open (an embedded one)
   */
  public Ledger(
      DataSource dataSource, Path folder, LedgerSettings settings, Clock clock, boolean exclusive) {
    this.dataSource = dataSource;
    this.settings = settings;
    this.clock = clock;
    this.ids = new RowIds(clock, 0);
    this.replica = new Replica(settings.lease());
    try {
      this.journal = new Journal(folder, settings.segmentBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use the folder " + folder, e);
    }
    this.settling = new Settling(dataSource);
    this.groupCommit = new GroupCommit(dataSource, settings, new LostRows(), this::renew);
    this.sweep = new Sweep(dataSource, clock, replica.id(), exclusive);
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
      journal.replay(this::replay);
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
      writeLeftovers(Instant.MAX);
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

  /**
   * Blocks until the row is durable.
   *
   * @throws LedgerUnavailableException when it is not; then the call must not leave
   */
  public void open(OpenRow row) {
    mayBeOpen.add(row.id());
    if (row.id() < openFrom) {
      mayBeOpen.remove(row.id());
      throw new LedgerUnavailableException("the row id is too old");
    }
    groupCommit.store(row);
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
      settling.write(settlements);
    } catch (SQLException e) {
      throw new LedgerUnavailableException(
          "settlements could not be written: " + Faults.describe(e));
    }
    written(settlements);
  }

  /** Tells that somebody else wrote these with {@code sql/settle-usage.sql} and committed. */
  public void written(Collection<Settlement> settlements) {
    journal.written(settlements);
    settlements.forEach(settlement -> mayBeOpen.remove(settlement.id()));
  }

  /** What the ledger is doing. */
  public LedgerStats stats() {
    return new LedgerStats(
        groupCommit.waiting(),
        groupCommit.rows(),
        groupCommit.commits(),
        mayBeOpen.size(),
        journal.size());
  }

  /** Names this process in the table {@code replicas}. */
  String replicaId() {
    return replica.id();
  }

  /** One round of what is done every {@link LedgerSettings#sweepEvery()}. */
  void tidy() {
    try {
      writeLeftovers(clock.instant().minus(settings.leftoverAfter()));
      int closed = sweep.run();
      if (closed > 0) {
        LOG.warn("{} rows of replicas that died were closed with the estimate", closed);
      }
    } catch (SQLException | RuntimeException e) {
      LOG.warn("the ledger could not be tidied, it is tried again: {}", Faults.describe(e));
    }
  }

  private void replay(List<Settlement> settlements) {
    try {
      for (int from = 0; from < settlements.size(); from += REPLAY_ROWS) {
        int to = Math.min(settlements.size(), from + REPLAY_ROWS);
        settling.write(settlements.subList(from, to));
      }
    } catch (SQLException e) {
      throw new LedgerUnavailableException("the journal could not be replayed", e);
    }
  }

  private void writeLeftovers(Instant endedBefore) {
    List<Settlement> leftovers = new ArrayList<>(journal.unwritten(endedBefore));
    for (int from = 0; from < leftovers.size(); from += REPLAY_ROWS) {
      write(leftovers.subList(from, Math.min(leftovers.size(), from + REPLAY_ROWS)));
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
    long candidate = lowestOf(mayBeOpen, RowIds.lowestAt(clock.instant().minus(ID_LIFE)));
    openFrom = candidate;
    long lowest = lowestOf(mayBeOpen, candidate);
    openFrom = lowest;
    return lowest;
  }

  private static long lowestOf(Set<Long> ids, long bound) {
    return ids.stream().mapToLong(Long::longValue).reduce(bound, Math::min);
  }

  /** Rows whose calls do not leave. */
  private final class LostRows implements GroupCommit.Lost {
    @Override
    public void neverStored(long id) {
      mayBeOpen.remove(id);
    }

    @Override
    public void maybeStored(long id) {
      if (settled(Settlement.notSent(id, "ledger_unavailable", clock.instant()))) {
        LOG.debug("row {} is closed as not sent", id);
      }
    }
  }
}
