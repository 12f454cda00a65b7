package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes which rows others are to be told of, within the transactions that close those rows, so that
 * neither is without the other.
 */
final class OutboxRows {
  /** Nobody wants to be told. */
  static final OutboxRows NONE = new OutboxRows(false);

  private static final int CLOSED = 1;
  private static final int CORRECTED = 2;

  private final boolean on;

  OutboxRows(boolean on) {
    this.on = on;
  }

  /** What one transaction notes. */
  final class Notes {
    private final List<Long> closed = new ArrayList<>();
    private final List<Long> corrected = new ArrayList<>();

    /** A row was closed; one whose call never left is nobody's business. */
    void closed(long id, RowState state) {
      if (on && state != RowState.NOT_SENT) {
        closed.add(id);
      }
    }

    /** A row that was closed unsettled is settled after all. */
    void corrected(long id) {
      if (on) {
        corrected.add(id);
      }
    }

    void write(Connection connection) throws SQLException {
      insert(connection, closed, CLOSED);
      if (!corrected.isEmpty()) {
        forget(connection);
        insert(connection, corrected, CORRECTED);
      }
    }

    /** What was to be said of the unsettled row is out of date. */
    private void forget(Connection connection) throws SQLException {
      try (PreparedStatement delete =
          connection.prepareStatement(
              "DELETE FROM usage_outbox WHERE row_id = ? AND revision = " + CLOSED)) {
        for (Long id : corrected) {
          delete.setLong(1, id);
          delete.addBatch();
        }
        delete.executeBatch();
      }
    }

    private static void insert(Connection connection, List<Long> ids, int revision)
        throws SQLException {
      if (ids.isEmpty()) {
        return;
      }
      try (PreparedStatement insert =
          connection.prepareStatement(
              "INSERT INTO usage_outbox (row_id, revision) VALUES (?, ?)")) {
        for (Long id : ids) {
          insert.setLong(1, id);
          insert.setInt(2, revision);
          insert.addBatch();
        }
        insert.executeBatch();
      }
    }
  }

  Notes notes() {
    return new Notes();
  }
}
