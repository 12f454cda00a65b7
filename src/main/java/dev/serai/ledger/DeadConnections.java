package dev.serai.ledger;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;
import java.util.Set;

/**
 * Tells the connection pool which of H2's errors mean that a connection is dead. The pool knows
 * those of PostgreSQL; of H2 it would keep a dead connection as long as somebody goes on using it.
 */
public final class DeadConnections implements SQLExceptionOverride {

  /** Object closed, connection broken, database closed (H2's {@code ErrorCode}). */
  private static final Set<Integer> H2 = Set.of(90_007, 90_067, 90_098, 90_121);

  @java.lang.Override
  public Override adjudicate(SQLException e) {
    return H2.contains(e.getErrorCode()) ? Override.MUST_EVICT : Override.CONTINUE_EVICT;
  }
}
