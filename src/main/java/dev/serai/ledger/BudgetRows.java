package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is spent and reserved of the budgets, changed within the transactions that change the rows
 * of the ledger, so that the two agree whatever happens.
 */
final class BudgetRows {
  private static final String RESERVE =
      "UPDATE budget_periods SET reserved_nanos = reserved_nanos + ? WHERE id = ?"
          + " AND (hard = FALSE"
          + " OR spent_nanos + reserved_nanos + ? <= limit_nanos + carried_nanos)";
  private static final String ADD =
      "UPDATE budget_periods SET reserved_nanos = reserved_nanos + ?,"
          + " spent_nanos = spent_nanos + ? WHERE id = ?";

  /** What a transaction changes, by period; the order is that in which rows are locked. */
  static final class Changes {
    private record Change(long reserved, long spent) {}

    private final Map<Long, Change> byPeriod = new TreeMap<>();

    void add(Collection<Long> periods, long reserved, long spent) {
      for (Long period : periods) {
        byPeriod.merge(
            period,
            new Change(reserved, spent),
            (a, b) -> new Change(a.reserved + b.reserved, a.spent + b.spent));
      }
    }

    boolean none() {
      return byPeriod.isEmpty();
    }

    Set<Long> periods() {
      return byPeriod.keySet();
    }
  }

  /** How a period stands, its row being locked. */
  static final class Standing {
    private final long id;
    private final boolean hard;
    private final long cap;
    private final long spent;
    private long reserved;

    private Standing(long id, boolean hard, long cap, long spent, long reserved) {
      this.id = id;
      this.hard = hard;
      this.cap = cap;
      this.spent = spent;
      this.reserved = reserved;
    }

    boolean fits(long nanos) {
      return !hard || spent + reserved + nanos <= cap;
    }

    void reserve(long nanos) {
      reserved += nanos;
    }

    BudgetRefusal refusal(long nanos) {
      return new BudgetRefusal(id, cap, spent, reserved, nanos);
    }
  }

  private BudgetRows() {}

  /**
   * Sets aside sums by period, in one statement; false when one of them does not fit or is gone,
   * and then the transaction must be rolled back.
   */
  static boolean reserve(Connection connection, Changes sums) throws SQLException {
    if (sums.none()) {
      return true;
    }
    try (PreparedStatement update = connection.prepareStatement(RESERVE)) {
      for (Map.Entry<Long, Changes.Change> sum : sums.byPeriod.entrySet()) {
        update.setLong(1, sum.getValue().reserved);
        update.setLong(2, sum.getKey());
        update.setLong(3, sum.getValue().reserved);
        update.addBatch();
      }
      for (int count : update.executeBatch()) {
        if (count != 1) {
          return false;
        }
      }
      return true;
    }
  }

  /** Changes what is reserved and spent, whatever the caps. */
  static void add(Connection connection, Changes changes) throws SQLException {
    if (changes.none()) {
      return;
    }
    try (PreparedStatement update = connection.prepareStatement(ADD)) {
      for (Map.Entry<Long, Changes.Change> change : changes.byPeriod.entrySet()) {
        update.setLong(1, change.getValue().reserved);
        update.setLong(2, change.getValue().spent);
        update.setLong(3, change.getKey());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  /**
   * Locks periods until the transaction ends, in the order of their ids; missing ones are not in
   * the answer.
   */
  static Map<Long, Standing> lock(Connection connection, Collection<Long> periods)
      throws SQLException {
    Map<Long, Standing> standing = new TreeMap<>();
    if (periods.isEmpty()) {
      return standing;
    }
    String marks = String.join(", ", Collections.nCopies(periods.size(), "?"));
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, hard, limit_nanos + carried_nanos, spent_nanos, reserved_nanos"
                + " FROM budget_periods WHERE id IN ("
                + marks
                + ") ORDER BY id FOR UPDATE")) {
      int index = 0;
      for (Long period : periods) {
        select.setLong(++index, period);
      }
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          standing.put(
              rows.getLong(1),
              new Standing(
                  rows.getLong(1),
                  rows.getBoolean(2),
                  rows.getLong(3),
                  rows.getLong(4),
                  rows.getLong(5)));
        }
      }
    }
    return standing;
  }

  /** What a batch sets aside. */
  static Changes sums(List<Ticket> batch) {
    Changes sums = new Changes();
    for (Ticket ticket : batch) {
      Reservation reservation = ticket.row.reservation();
      sums.add(reservation.periods(), reservation.nanos(), 0);
    }
    return sums;
  }

  /** Takes a reservation of periods that are locked; what is wrong when that cannot be done. */
  static @Nullable RuntimeException take(Reservation reservation, Map<Long, Standing> standing) {
    for (Long period : reservation.periods()) {
      Standing there = standing.get(period);
      if (there == null) {
        return new BudgetGoneException(period);
      }
      if (!there.fits(reservation.nanos())) {
        return new BudgetExceededException(there.refusal(reservation.nanos()));
      }
    }
    for (Long period : reservation.periods()) {
      Standing there = standing.get(period);
      if (there != null) {
        there.reserve(reservation.nanos());
      }
    }
    return null;
  }
}
