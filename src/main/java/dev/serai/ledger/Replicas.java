package dev.serai.ledger;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The processes that write to this database. */
public final class Replicas {

  private final JdbcClient jdbc;

  Replicas(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * How many have renewed their lease in time, this one included.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public int living() {
    return jdbc.sql("SELECT COUNT(*) FROM replicas WHERE lease_until > CURRENT_TIMESTAMP")
        .query(Integer.class)
        .single();
  }
}
