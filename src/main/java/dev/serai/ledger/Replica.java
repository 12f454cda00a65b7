package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;

/**
 * This process among those that write to the same database: its row in {@code replicas}, its lease
 * on its open rows (measured by the database's clock), its number in the row ids.
 */
final class Replica {
  private static final String UNTIL = "CURRENT_TIMESTAMP + CAST(? AS BIGINT) * INTERVAL '1' SECOND";

  private final String id = UUID.randomUUID().toString();
  private final long leaseSeconds;

  Replica(Duration lease) {
    this.leaseSeconds = Math.max(1, lease.toSeconds());
  }

  String id() {
    return id;
  }

  /** Adds the row, commits, and returns the number that no living replica has. */
  int register(Connection connection, long openFrom) throws SQLException {
    for (int tries = 0; tries < RowIds.REPLICAS; tries++) {
      int number = nextNumber(connection);
      try {
        boolean free = insert(connection, number, openFrom);
        connection.commit();
        if (free) {
          return number;
        }
      } catch (SQLException e) {
        connection.rollback();
        if (!Faults.data(e)) {
          throw e;
        }
      }
    }
    throw new LedgerUnavailableException("all " + RowIds.REPLICAS + " replica numbers are taken");
  }

  /** Prolongs the lease and commits; false when the row is gone. */
  boolean renew(Connection connection, long openFrom) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE replicas SET lease_until = " + UNTIL + ", open_from = ? WHERE id = ?")) {
      update.setLong(1, leaseSeconds);
      update.setLong(2, openFrom);
      update.setString(3, id);
      boolean there = update.executeUpdate() == 1;
      connection.commit();
      return there;
    }
  }

  /** Takes the row away: nothing of this replica is open any more. */
  void leave(Connection connection) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM replicas WHERE id = ?")) {
      delete.setString(1, id);
      delete.executeUpdate();
      connection.commit();
    }
  }

  private static int nextNumber(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT nextval('replica_numbers')")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private boolean insert(Connection connection, int number, long openFrom) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO replicas (id, number, started_at, lease_until, open_from)"
                + " SELECT CAST(? AS VARCHAR(36)), CAST(? AS INTEGER), CURRENT_TIMESTAMP, "
                + UNTIL
                + ", CAST(? AS BIGINT)"
                + " WHERE NOT EXISTS (SELECT 1 FROM replicas WHERE number = ?)")) {
      insert.setString(1, id);
      insert.setInt(2, number);
      insert.setLong(3, leaseSeconds);
      insert.setLong(4, openFrom);
      insert.setInt(5, number);
      return insert.executeUpdate() == 1;
    }
  }
}
