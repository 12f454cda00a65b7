package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * What is booked for a row: what must be taken back, and under which names, when it is settled.
 *
 * @param key by what it is added up
 * @param reservation what was set aside while it was open
 * @param counted what it was counted with when it was closed unsettled; null while it was open
 */
record Booking(UsageKey key, Reservation reservation, @Nullable Tally counted) {
  private static final String COLUMNS =
      UsageKey.COLUMNS
          + ", est_cost_nanos, budgets, state, cost_state, cost_nanos, input_tokens, output_tokens,"
          + " cache_read_tokens, cache_write_tokens, reasoning_tokens";

  static Booking of(OpenRow row) {
    return new Booking(UsageKey.of(row), row.reservation(), null);
  }

  /** Reads a row, locking it until the transaction ends; null when there is none in that state. */
  static @Nullable Booking lock(Connection connection, long id, RowState state)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT " + COLUMNS + " FROM llm_usage WHERE id = ? AND state = ? FOR UPDATE")) {
      select.setLong(1, id);
      select.setString(2, state.label());
      try (ResultSet rows = select.executeQuery()) {
        return rows.next() ? of(id, rows) : null;
      }
    }
  }

  /** The columns that {@link #of(long, ResultSet)} reads. */
  static String columns() {
    return COLUMNS;
  }

  static Booking of(long id, ResultSet row) throws SQLException {
    boolean unsettled = row.getString("state").equals(RowState.UNSETTLED.label());
    return new Booking(
        UsageKey.of(id, row),
        Reservation.of(row.getString("budgets"), row.getLong("est_cost_nanos")),
        unsettled ? Tally.ofRow(row, RowState.UNSETTLED) : null);
  }
}
