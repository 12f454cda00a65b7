package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * Closes open rows of which nobody knows how they ended: with their estimate, which is then counted
 * in their hours, and no longer reserved in their budgets but spent.
 */
final class Unsettling {
  /** What has to be selected of the rows, which must be locked. */
  static final String COLUMNS = "id, est_input_tokens, est_output_tokens, " + Booking.columns();

  private final Connection connection;
  private final Instant at;
  private final HourRows.Changes hours = new HourRows.Changes();
  private final BudgetRows.Changes budgets = new BudgetRows.Changes();
  private final OutboxRows.Notes notes;
  private int closed;

  /**
   * Closes within the transaction of a connection.
   *
   * @param outbox who is to be told
   * @param at when the rows are said to have ended
   */
  Unsettling(Connection connection, OutboxRows outbox, Instant at) {
    this.connection = connection;
    this.at = at;
    this.notes = outbox.notes();
  }

  /** Closes the rows that a statement selects and locks; how many there were. */
  int close(PreparedStatement select) throws SQLException {
    int before = closed;
    try (PreparedStatement update =
            connection.prepareStatement(
                "UPDATE llm_usage SET state = 'unsettled', input_tokens = est_input_tokens,"
                    + " output_tokens = est_output_tokens, cost_nanos = est_cost_nanos,"
                    + " completed_at = ? WHERE id = ?");
        ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        long id = rows.getLong("id");
        Booking booking = Booking.of(id, rows);
        Reservation reservation = booking.reservation();
        hours.add(booking.key(), estimate(rows));
        budgets.add(reservation.periods(), -reservation.nanos(), reservation.nanos());
        update.setObject(1, at.atOffset(ZoneOffset.UTC));
        update.setLong(2, id);
        update.addBatch();
        notes.closed(id, RowState.UNSETTLED);
        closed++;
      }
      update.executeBatch();
    }
    return closed - before;
  }

  /** Closes one row; whether it was open. */
  boolean close(long id) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + COLUMNS + " FROM llm_usage WHERE id = ? AND state = 'open' FOR UPDATE")) {
      select.setLong(1, id);
      return close(select) == 1;
    }
  }

  /** Writes what the rows change beside them; answers which sums have no row yet. */
  List<UsageKey> write() throws SQLException {
    notes.write(connection);
    List<UsageKey> missing = HourRows.add(connection, hours);
    if (missing.isEmpty()) {
      BudgetRows.add(connection, budgets);
    }
    return missing;
  }

  private static Tally estimate(ResultSet row) throws SQLException {
    long nanos = row.getLong("est_cost_nanos");
    return Tally.unsettled(
        Tally.costState(row.getString("cost_state")),
        row.wasNull() ? null : (Long) nanos,
        row.getLong("est_input_tokens"),
        row.getLong("est_output_tokens"));
  }
}
