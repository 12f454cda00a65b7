package dev.serai.ledger;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of the ledger's writer, with the insert of rows prepared on it: made when it is
 * needed, given back when it is broken. The lease is renewed on it. For one thread, but for {@link
 * #suspect}.
 */
final class WriterConnection {
  private static final Logger LOG = LoggerFactory.getLogger(WriterConnection.class);

  private final DataSource dataSource;
  private final LedgerSettings settings;
  private final Lease lease;
  private final NamedSql insert = NamedSql.load("sql/open-usage.sql");
  private volatile boolean suspect;
  private @Nullable Connection connection;
  private NamedSql.@Nullable Prepared prepared;
  private long renewedAt;

  WriterConnection(DataSource dataSource, LedgerSettings settings, Lease lease) {
    this.dataSource = dataSource;
    this.settings = settings;
    this.lease = lease;
  }

  /**
   * The database hangs: the lease is renewed when it is used next, which shows if it still does.
   */
  void suspect() {
    suspect = true;
  }

  /** Whether nobody knows that the database is there. */
  boolean doubtful() {
    return connection == null || suspect;
  }

  /** The insert, on a connection whose lease is fresh. */
  NamedSql.Prepared connected() throws SQLException {
    if (connection == null) {
      Connection fresh = dataSource.getConnection();
      connection = fresh;
      fresh.setAutoCommit(false);
      prepared = insert.prepare(fresh);
      renewedAt = System.nanoTime() - settings.renewEvery().toNanos();
    }
    if (suspect || System.nanoTime() - renewedAt >= settings.renewEvery().toNanos()) {
      suspect = false;
      lease.renew(connection);
      renewedAt = System.nanoTime();
    }
    if (prepared == null) {
      throw new SQLException("not prepared");
    }
    return prepared;
  }

  /** The connection that {@link #connected} made. */
  Connection get() throws SQLException {
    if (connection == null) {
      throw new SQLException("not connected");
    }
    return connection;
  }

  /** Rolls back; whether the connection can be used further. */
  boolean usable() {
    try {
      if (connection == null || prepared == null) {
        return false;
      }
      prepared.clear();
      connection.rollback();
      return connection.isValid(2);
    } catch (SQLException e) {
      return false;
    }
  }

  void disconnect() {
    Connection old = connection;
    connection = null;
    prepared = null;
    if (old != null) {
      try (old) {
        old.rollback();
      } catch (SQLException | RuntimeException e) {
        // The pool may have taken it away meanwhile, and then throws what is no SQLException.
        LOG.debug("closing a broken connection: {}", Faults.describe(e));
      }
    }
  }
}
