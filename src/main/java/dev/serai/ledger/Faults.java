package dev.serai.ledger;

import java.sql.SQLException;

/** What a database's failure means, said without the values that some drivers put into messages. */
final class Faults {
  private Faults() {}

  static String describe(Throwable e) {
    return e instanceof SQLException sql
        ? sql.getClass().getSimpleName() + " with SQL state " + sql.getSQLState()
        : e.getClass().getSimpleName();
  }

  /** Whether the values are to blame and not the connection or the database (SQL class 22, 23). */
  static boolean data(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }
}
