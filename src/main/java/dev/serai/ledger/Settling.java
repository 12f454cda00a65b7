package dev.serai.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.function.LongFunction;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes settlements to their rows, many in one transaction, and with them what they change in the
 * sums of their hours and in the budgets. Only rows that are open or unsettled change: the first
 * settlement of a call wins, writing twice does no harm, and a late one still replaces the estimate
 * that a sweep put there. A row whose settlement the database does not take is closed with its
 * estimate.
 */
final class Settling {
  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
  private static final int MOST_TRIES = 3;

  private final DataSource dataSource;
  private final LongFunction<@Nullable Booking> known;
  private final OutboxRows outbox;
  private final NamedSql update = NamedSql.load("sql/settle-usage.sql");
  private final NamedSql updateLate =
      new NamedSql(update.sql().replace("state = 'open'", "state = 'unsettled'"), update.names());

  /**
   * Settles.
   *
   * @param known what this process knows of a row by its id; null of a row that it did not open
   * @param outbox who is to be told
   */
  Settling(DataSource dataSource, LongFunction<@Nullable Booking> known, OutboxRows outbox) {
    this.dataSource = dataSource;
    this.known = known;
    this.outbox = outbox;
  }

  void write(List<Settlement> settlements) throws SQLException {
    List<Settlement> ordered =
        settlements.stream().sorted(Comparator.comparingLong(Settlement::id)).toList();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        commit(connection, () -> settle(connection, ordered));
      } catch (SQLException e) {
        if (!Faults.data(e)) {
          throw e;
        }
        writeEach(connection, ordered);
      }
    }
  }

  /** Comes again where other transactions were in the way; nothing is written when it throws. */
  private static void commit(Connection connection, HourRows.Work work) throws SQLException {
    for (int tries = 1; ; tries++) {
      try {
        HourRows.transact(connection, work);
        return;
      } catch (SQLException e) {
        connection.rollback();
        if (!Faults.clash(e) || tries == MOST_TRIES) {
          throw e;
        }
      }
    }
  }

  private void writeEach(Connection connection, List<Settlement> settlements) throws SQLException {
    for (Settlement settlement : settlements) {
      try {
        commit(connection, () -> settle(connection, List.of(settlement)));
      } catch (SQLException e) {
        if (!Faults.data(e)) {
          throw e;
        }
        unsettle(connection, settlement, e);
      }
    }
  }

  /** A row whose settlement does not fit must not hold its reservation for ever. */
  private void unsettle(Connection connection, Settlement settlement, SQLException reason)
      throws SQLException {
    boolean[] closed = new boolean[1];
    try {
      commit(
          connection,
          () -> {
            Unsettling row = new Unsettling(connection, outbox, settlement.completedAt());
            closed[0] = row.close(settlement.id());
            return row.write();
          });
      LOG.error(
          "the settlement of row {} does not fit (SQL state {}); the row {}",
          settlement.id(),
          reason.getSQLState(),
          closed[0] ? "is closed unsettled, with its estimate" : "stays as it is");
    } catch (SQLException e) {
      if (!Faults.data(e)) {
        throw e;
      }
      LOG.error(
          "the settlement of row {} does not fit (SQL state {}), nor does its estimate (SQL state"
              + " {}); it stays open, with what it reserved",
          settlement.id(),
          reason.getSQLState(),
          e.getSQLState());
    }
  }

  /** Answers which sums have no row yet, so that it has to be done again. */
  private List<UsageKey> settle(Connection connection, List<Settlement> settlements)
      throws SQLException {
    HourRows.Changes hours = new HourRows.Changes();
    BudgetRows.Changes budgets = new BudgetRows.Changes();
    OutboxRows.Notes notes = outbox.notes();
    int[] closed;
    try (NamedSql.Prepared prepared = update.prepare(connection)) {
      closed = prepared.executeBatch(settlements);
    }
    for (int i = 0; i < closed.length; i++) {
      Settlement settlement = settlements.get(i);
      Booking booking =
          closed[i] == 1 ? booking(connection, settlement) : late(connection, settlement);
      if (booking != null) {
        book(settlement, booking, hours, budgets);
        if (closed[i] == 1) {
          notes.closed(settlement.id(), settlement.state());
        } else {
          notes.corrected(settlement.id());
        }
      }
    }
    List<UsageKey> missing = HourRows.add(connection, hours);
    if (missing.isEmpty()) {
      BudgetRows.add(connection, budgets);
      notes.write(connection);
    }
    return missing;
  }

  private Booking booking(Connection connection, Settlement settlement) throws SQLException {
    Booking booking = known.apply(settlement.id());
    if (booking == null) {
      Booking stored = Booking.lock(connection, settlement.id(), settlement.state());
      if (stored == null) {
        throw new SQLException("row " + settlement.id() + " changed while it was settled");
      }
      booking = new Booking(stored.key(), stored.reservation(), null);
    }
    return booking;
  }

  /** The row is not open: it is settled here if a sweep closed it meanwhile; null if not. */
  private @Nullable Booking late(Connection connection, Settlement settlement) throws SQLException {
    if (settlement.state() == RowState.UNSETTLED) {
      return null;
    }
    Booking booking = Booking.lock(connection, settlement.id(), RowState.UNSETTLED);
    if (booking != null) {
      try (NamedSql.Prepared prepared = updateLate.prepare(connection)) {
        prepared.execute(settlement);
      }
    }
    return booking;
  }

  private static void book(
      Settlement settlement, Booking booking, HourRows.Changes hours, BudgetRows.Changes budgets) {
    Tally now = Tally.of(settlement);
    Tally before = booking.counted();
    Tally change = before == null ? now : now.minus(before);
    if (!change.equals(Tally.NONE)) {
      hours.add(booking.key(), change);
    }
    Reservation reservation = booking.reservation();
    Long nanos = settlement.charge().nanos();
    long spent = nanos == null ? 0 : nanos;
    if (before == null) {
      budgets.add(reservation.periods(), -reservation.nanos(), spent);
    } else {
      budgets.add(reservation.periods(), 0, spent - before.costNanos());
    }
  }
}
