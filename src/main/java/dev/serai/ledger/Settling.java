package dev.serai.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes settlements to their rows, many in one transaction. Only rows that are open or unsettled
 * change: the first settlement of a call wins, writing twice does no harm, and a late one still
 * replaces the estimate that a sweep put there.
 */
final class Settling {
  private static final Logger LOG = LoggerFactory.getLogger(Settling.class);

  private final DataSource dataSource;
  private final NamedSql update = NamedSql.load("sql/settle-usage.sql");

  Settling(DataSource dataSource) {
    this.dataSource = dataSource;
  }

  void write(List<Settlement> settlements) throws SQLException {
    List<Settlement> ordered =
        settlements.stream().sorted(Comparator.comparingLong(Settlement::id)).toList();
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try (NamedSql.Prepared prepared = update.prepare(connection)) {
        prepared.executeBatch(ordered);
        connection.commit();
      } catch (SQLException e) {
        connection.rollback();
        if (!Faults.data(e)) {
          throw e;
        }
        writeEach(connection, ordered);
      }
    }
  }

  private void writeEach(Connection connection, List<Settlement> settlements) throws SQLException {
    try (NamedSql.Prepared prepared = update.prepare(connection)) {
      for (Settlement settlement : settlements) {
        try {
          prepared.execute(settlement);
          connection.commit();
        } catch (SQLException e) {
          connection.rollback();
          if (!Faults.data(e)) {
            throw e;
          }
          LOG.error(
              "the settlement of row {} does not fit (SQL state {}); it will be closed unsettled",
              settlement.id(),
              e.getSQLState());
        }
      }
    }
  }
}
