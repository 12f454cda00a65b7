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

  /** Whether there is a row of that key already. */
  static boolean duplicate(SQLException e) {
    return "23505".equals(e.getSQLState());
  }

  /** Whether the values are to blame and not the connection or the database (SQL class 22, 23). */
  static boolean data(SQLException e) {
    String state = e.getSQLState();
    return state != null && (state.startsWith("22") || state.startsWith("23"));
  }

  /**
   * Whether another transaction was in the way, so that the same work may succeed a moment later: a
   * deadlock or a lost race (SQL class 40), or a lock that was waited for too long.
   */
  static boolean clash(SQLException e) {
    String state = e.getSQLState();
    return state != null
        && (state.startsWith("40") || state.equals("55P03") || state.equals("HYT00"));
  }
}
