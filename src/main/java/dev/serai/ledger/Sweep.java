package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;

/**
 * Closes the rows that dead replicas left open, with their estimate, which is then counted in their
 * hours, and no longer reserved in their budgets but spent. Several replicas may sweep at once:
 * each locks the dead replicas' rows and passes over those that another has locked.
 */
final class Sweep {
  /** A transaction of a stalled process may commit rows this much older than the sweep. */
  private static final Duration STALL = Duration.ofMinutes(1);

  /** How long the row of a dead replica stays, so that later sweeps find what it left. */
  private static final Duration FORGET = Duration.ofMinutes(10);

  private record Dead(String id, int number, long openFrom, boolean forget) {}

  private final DataSource dataSource;
  private final Clock clock;
  private final String self;
  private final boolean exclusive;
  private final OutboxRows outbox;

  /**
   * A sweep on behalf of one replica.
   *
   * @param exclusive whether no other process can have the database open, so that every other
   *     replica is dead whatever its lease says
   * @param outbox who is to be told
   */
  Sweep(DataSource dataSource, Clock clock, String self, boolean exclusive, OutboxRows outbox) {
    this.dataSource = dataSource;
    this.clock = clock;
    this.self = self;
    this.exclusive = exclusive;
    this.outbox = outbox;
  }

  /** Closes and returns how many rows. */
  int run() throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        int[] closed = new int[1];
        HourRows.transact(connection, () -> closeAll(connection, closed));
        return closed[0];
      } catch (SQLException e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /** Answers which sums have no row yet, so that it has to be done again. */
  private List<UsageKey> closeAll(Connection connection, int[] closed) throws SQLException {
    Unsettling unsettling = new Unsettling(connection, outbox, clock.instant());
    closed[0] = 0;
    for (Dead dead : dead(connection)) {
      closed[0] += close(connection, dead, unsettling);
      putAway(connection, dead);
    }
    return unsettling.write();
  }

  private List<Dead> dead(Connection connection) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT id, number, open_from,"
                + " lease_until < CURRENT_TIMESTAMP - CAST(? AS BIGINT) * INTERVAL '1' SECOND"
                + " FROM replicas WHERE id <> ?"
                + (exclusive ? "" : " AND lease_until < CURRENT_TIMESTAMP")
                + " ORDER BY id FOR UPDATE SKIP LOCKED")) {
      select.setLong(1, FORGET.toSeconds());
      select.setString(2, self);
      List<Dead> dead = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          dead.add(
              new Dead(
                  rows.getString(1),
                  rows.getInt(2),
                  rows.getLong(3),
                  exclusive || rows.getBoolean(4)));
        }
      }
      return dead;
    }
  }

  private static int close(Connection connection, Dead dead, Unsettling unsettling)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + Unsettling.COLUMNS
                + " FROM llm_usage WHERE id >= ? AND replica = ? AND state = 'open'"
                + " ORDER BY id FOR UPDATE")) {
      select.setLong(1, dead.openFrom);
      select.setInt(2, dead.number);
      return unsettling.close(select);
    }
  }

  private void putAway(Connection connection, Dead dead) throws SQLException {
    String sql =
        dead.forget
            ? "DELETE FROM replicas WHERE open_from <= ? AND id = ?"
            : "UPDATE replicas SET open_from = ? WHERE id = ?";
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      long from = Math.max(dead.openFrom, RowIds.lowestAt(clock.instant().minus(STALL)));
      statement.setLong(1, dead.forget ? dead.openFrom : from);
      statement.setString(2, dead.id);
      statement.executeUpdate();
    }
  }
}
