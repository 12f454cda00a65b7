package dev.serai.ledger;

import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of calls that left while the database was away: in the journal first, in the database
 * when it is back. Their estimates are reserved then, whatever the budgets say, for the money may
 * be spent already.
 */
final class AwayRows {
  private static final Logger LOG = LoggerFactory.getLogger(AwayRows.class);
  private static final int BATCH = 500;
  private static final int MOST_TRIES = 3;

  private final Journal journal;
  private final IntSupplier replica;
  private final NamedSql insert = NamedSql.load("sql/open-usage.sql");
  private final ReentrantLock bringing = new ReentrantLock();
  private volatile boolean away;

  /**
   * Such a row on its way: whichever number this replica has now is the one that is swept by.
   *
   * @param replica null for that of the time of the call
   */
  private record Brought(OpenRow row, @Nullable Integer replica) implements NamedValues {
    @Override
    public @Nullable Object value(String column) {
      return replica != null && column.equals("replica") ? replica : row.value(column);
    }
  }

  /**
   * Rows in a journal.
   *
   * @param replica the number of this replica in the ids of rows
   */
  AwayRows(Journal journal, IntSupplier replica) {
    this.journal = journal;
    this.replica = replica;
  }

  /** Whether the database is known to be away. */
  boolean away() {
    return away;
  }

  /** The database is away. */
  void left() {
    if (!away) {
      away = true;
      LOG.warn("the database is away");
    }
  }

  /**
   * Makes a row durable on the local disk.
   *
   * @throws LedgerUnavailableException when the disk or the journal has no room
   */
  void keep(OpenRow row) {
    try {
      if (!journal.append(row)) {
        throw new LedgerUnavailableException("the journal has no room for more rows");
      }
    } catch (UncheckedIOException e) {
      throw new LedgerUnavailableException("the journal takes no row", e);
    }
  }

  /** The database is back: brings all rows, then lets calls use it again. */
  void returned(Connection connection) throws SQLException {
    if (away || journal.rowsAway() > 0) {
      int brought = bring(connection, journal.away());
      bring(connection, journal.away());
      if (away) {
        LOG.info("the database is back; {} rows were kept for it", brought);
      }
      away = false;
    }
  }

  /** Brings those of these rows that are in the journal only, and commits; how many there were. */
  int bring(Connection connection, List<Long> ids) throws SQLException {
    int brought = 0;
    for (int from = 0; from < ids.size(); from += BATCH) {
      List<OpenRow> rows = journal.rows(ids.subList(from, Math.min(ids.size(), from + BATCH)));
      if (!rows.isEmpty()) {
        insert(connection, rows, replica.getAsInt());
        journal.brought(rows.stream().map(OpenRow::id).toList());
        brought += rows.size();
      }
    }
    return brought;
  }

  /** Inserts those that an earlier process left; how they ended is written by the caller. */
  void replay(Connection connection, List<OpenRow> rows) throws SQLException {
    for (int from = 0; from < rows.size(); from += BATCH) {
      insert(connection, rows.subList(from, Math.min(rows.size(), from + BATCH)), null);
    }
  }

  private void insert(Connection connection, List<OpenRow> rows, @Nullable Integer number)
      throws SQLException {
    bringing.lock();
    try {
      for (int tries = 1; ; tries++) {
        try {
          insertMissing(connection, rows, number);
          connection.commit();
          return;
        } catch (SQLException e) {
          connection.rollback();
          if (!Faults.data(e)) {
            throw e;
          }
          // The transaction of a broken connection may still have committed one of them just now.
          if (tries == MOST_TRIES) {
            insertEach(connection, rows, number, e);
            return;
          }
        }
      }
    } finally {
      bringing.unlock();
    }
  }

  private void insertEach(
      Connection connection, List<OpenRow> rows, @Nullable Integer number, SQLException reason)
      throws SQLException {
    if (rows.size() > 1) {
      for (OpenRow row : rows) {
        insert(connection, List.of(row), number);
      }
    } else {
      LOG.error(
          "row {} of a call that left while the database was away does not fit (SQL state {})",
          rows.getFirst().id(),
          reason.getSQLState());
    }
  }

  private void insertMissing(Connection connection, List<OpenRow> rows, @Nullable Integer number)
      throws SQLException {
    Set<Long> there = there(connection, rows.stream().map(OpenRow::id).toList());
    List<OpenRow> missing = rows.stream().filter(row -> !there.contains(row.id())).toList();
    if (missing.isEmpty()) {
      return;
    }
    try (NamedSql.Prepared statement = insert.prepare(connection)) {
      statement.executeBatch(missing.stream().map(row -> new Brought(row, number)).toList());
    }
    BudgetRows.Changes reserved = new BudgetRows.Changes();
    for (OpenRow row : missing) {
      reserved.add(row.reservation().periods(), row.reservation().nanos(), 0);
    }
    BudgetRows.add(connection, reserved);
  }

  private static Set<Long> there(Connection connection, Collection<Long> ids) throws SQLException {
    String marks = String.join(", ", Collections.nCopies(ids.size(), "?"));
    Set<Long> there = new HashSet<>();
    try (PreparedStatement select =
        connection.prepareStatement("SELECT id FROM llm_usage WHERE id IN (" + marks + ")")) {
      int index = 0;
      for (Long id : ids) {
        select.setLong(++index, id);
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          there.add(rows.getLong(1));
        }
      }
    }
    return there;
  }
}
