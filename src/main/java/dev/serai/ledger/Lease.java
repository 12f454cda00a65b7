package dev.serai.ledger;

import java.sql.Connection;
import java.sql.SQLException;

/** Keeps a replica's lease on its rows, and hears of the state of the database. */
interface Lease {
  /** The database is there. Called after each connect, and every so often. */
  void renew(Connection connection) throws SQLException;

  /** The database is away, or so slow that it may as well be. */
  void broken();
}
