package dev.serai.ledger;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;

/**
 * Which replica is at which conversation, so that requests of one conversation take turns on all
 * replicas together. Within a replica callers must take turns by themselves: whatever it still
 * holds when its next request comes is left over. What a dead replica holds is free as soon as its
 * lease is over.
 */
public final class ConversationHolds {

  private static final Logger LOG = LoggerFactory.getLogger(ConversationHolds.class);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final int RETRIES = 600;

  private final JdbcClient jdbc;
  private final String replica;
  private final boolean exclusive;

  /**
   * The holds of one replica.
   *
   * @param exclusive whether there can be no other: then nothing is written
   */
  ConversationHolds(JdbcClient jdbc, String replica, boolean exclusive) {
    this.jdbc = jdbc;
    this.replica = replica;
    this.exclusive = exclusive;
  }

  /**
   * Takes a conversation for a request if no other replica is at it.
   *
   * @return false when one is: try again a little later
   * @throws LedgerUnavailableException when the database cannot be used
   */
  public boolean take(String tenant, String conversation, String requestId) {
    if (exclusive) {
      return true;
    }
    try {
      return insert(tenant, conversation, requestId) || takeOver(tenant, conversation, requestId);
    } catch (DataAccessException | TransactionException e) {
      throw new LedgerUnavailableException("a conversation cannot be taken", e);
    }
  }

  private boolean insert(String tenant, String conversation, String requestId) {
    try {
      return jdbc.sql(
                  "INSERT INTO conversation_holds (tenant_id, conversation_id, replica, request_id)"
                      + " SELECT CAST(:tenant AS VARCHAR(64)), CAST(:conversation AS VARCHAR(128)),"
                      + " CAST(:replica AS VARCHAR(36)), CAST(:request AS VARCHAR(64))"
                      + " WHERE NOT EXISTS (SELECT 1 FROM conversation_holds"
                      + " WHERE tenant_id = :tenant AND conversation_id = :conversation)")
              .param("tenant", tenant)
              .param("conversation", conversation)
              .param("replica", replica)
              .param("request", requestId)
              .update()
          == 1;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  private boolean takeOver(String tenant, String conversation, String requestId) {
    return jdbc.sql(
                "UPDATE conversation_holds SET replica = :replica, request_id = :request"
                    + " WHERE tenant_id = :tenant AND conversation_id = :conversation"
                    + " AND (replica = :replica OR NOT EXISTS (SELECT 1 FROM replicas"
                    + " WHERE replicas.id = conversation_holds.replica"
                    + " AND lease_until >= CURRENT_TIMESTAMP))")
            .param("replica", replica)
            .param("request", requestId)
            .param("tenant", tenant)
            .param("conversation", conversation)
            .update()
        == 1;
  }

  /** Lets others to the conversation; when the database is away, as soon as it is back. */
  public void release(String tenant, String conversation, String requestId) {
    if (!exclusive && !released(tenant, conversation, requestId)) {
      Thread.ofVirtual()
          .name("conversation-release")
          .start(() -> releaseLater(tenant, conversation, requestId));
    }
  }

  private void releaseLater(String tenant, String conversation, String requestId) {
    try {
      for (int i = 0; i < RETRIES; i++) {
        Thread.sleep(RETRY);
        if (released(tenant, conversation, requestId)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean released(String tenant, String conversation, String requestId) {
    try {
      jdbc.sql(
              "DELETE FROM conversation_holds WHERE tenant_id = :tenant"
                  + " AND conversation_id = :conversation AND request_id = :request")
          .param("tenant", tenant)
          .param("conversation", conversation)
          .param("request", requestId)
          .update();
      return true;
    } catch (DataAccessException | TransactionException e) {
      LOG.warn(
          "conversation not released yet request={} class={}", requestId, e.getClass().getName());
      return false;
    }
  }
}
