package dev.serai.ledger;

import dev.serai.chat.ChatMessage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Supplier;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The messages of conversations. A conversation is found by its tenant and its id together. Every
 * method throws {@link LedgerUnavailableException} when the database cannot be used.
 */
public final class Conversations {

  /** {@code role IN} of the messages that instruct the model. */
  private static final String INSTRUCTING = "('system', 'developer')";

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final Clock clock;

  /**
   * A message without its content.
   *
   * @param tokens input tokens that it adds to a request
   * @param bytes the length of the content as JSON in UTF-8
   */
  public record Outline(long sequence, String role, long tokens, long bytes, String requestId) {}

  /**
   * A message that is to be stored.
   *
   * @param tokens input tokens that it adds to a request
   */
  public record NewMessage(ChatMessage message, long tokens) {}

  Conversations(JdbcClient jdbc, TransactionOperations transactions, Clock clock) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.clock = clock;
  }

  /** All messages of a conversation in their order; empty when there is no such conversation. */
  public List<Outline> outline(String tenant, String conversation) {
    return asking(
        () ->
            jdbc.sql(
                    "SELECT sequence, role, token_count, OCTET_LENGTH(content), request_id"
                        + " FROM chat_messages WHERE tenant_id = :tenant"
                        + " AND conversation_id = :conversation ORDER BY sequence")
                .param("tenant", tenant)
                .param("conversation", conversation)
                .query(
                    (rows, number) ->
                        new Outline(
                            rows.getLong(1),
                            rows.getString(2),
                            rows.getLong(3),
                            rows.getLong(4),
                            rows.getString(5)))
                .list());
  }

  /** The messages from one place to another, both inclusive, in their order. */
  public List<StoredMessage> read(String tenant, String conversation, long from, long to) {
    return asking(
        () ->
            jdbc.sql(
                    "SELECT sequence, role, content, token_count, request_id, created_at"
                        + " FROM chat_messages WHERE tenant_id = :tenant"
                        + " AND conversation_id = :conversation"
                        + " AND sequence BETWEEN :from AND :to ORDER BY sequence")
                .param("tenant", tenant)
                .param("conversation", conversation)
                .param("from", from)
                .param("to", to)
                .query((rows, number) -> message(rows))
                .list());
  }

  private static StoredMessage message(ResultSet rows) throws SQLException {
    return new StoredMessage(
        rows.getLong(1),
        new ChatMessage(rows.getString(2), rows.getString(3)),
        rows.getLong(4),
        rows.getString(5),
        rows.getObject(6, OffsetDateTime.class).toInstant());
  }

  /**
   * Adds messages at the end, all or none; they are durable when this returns.
   *
   * @param last the conversation's last sequence as the caller knows it; 0 when it is new
   * @param alongside writes what is to be stored together with the messages or not at all
   * @return false when the conversation has another end by now, and nothing was added
   */
  public boolean append(
      String tenant,
      String conversation,
      long last,
      String requestId,
      List<NewMessage> messages,
      Runnable alongside) {
    OffsetDateTime now = clock.instant().atOffset(ZoneOffset.UTC);
    return asking(
        () -> {
          try {
            return Boolean.TRUE.equals(
                transactions.execute(
                    status -> {
                      if (end(tenant, conversation) != last) {
                        return false;
                      }
                      long sequence = last;
                      for (NewMessage message : messages) {
                        insert(tenant, conversation, ++sequence, requestId, message, now);
                      }
                      alongside.run();
                      return true;
                    }));
          } catch (DuplicateKeyException | ConcurrencyFailureException e) {
            return false;
          }
        });
  }

  /** Holds the last row, so that a deletion waits and then finds what is added behind it. */
  private long end(String tenant, String conversation) {
    return jdbc.sql(
            "SELECT sequence FROM chat_messages WHERE tenant_id = :tenant"
                + " AND conversation_id = :conversation"
                + " ORDER BY sequence DESC LIMIT 1 FOR UPDATE")
        .param("tenant", tenant)
        .param("conversation", conversation)
        .query(Long.class)
        .optional()
        .orElse(0L);
  }

  private void insert(
      String tenant,
      String conversation,
      long sequence,
      String requestId,
      NewMessage message,
      OffsetDateTime now) {
    jdbc.sql(
            "INSERT INTO chat_messages (tenant_id, conversation_id, sequence, role, content,"
                + " token_count, request_id, created_at) VALUES (:tenant, :conversation, :sequence,"
                + " :role, :content, :tokens, :request, :now)")
        .param("tenant", tenant)
        .param("conversation", conversation)
        .param("sequence", sequence)
        .param("role", message.message().role())
        .param("content", message.message().json())
        .param("tokens", message.tokens())
        .param("request", requestId)
        .param("now", now)
        .update();
  }

  /** Deletes a conversation, also what is added to it meanwhile; returns how many messages. */
  public int forget(String tenant, String conversation) {
    return asking(
        () -> {
          int forgotten = 0;
          int more;
          do {
            more =
                jdbc.sql(
                        "DELETE FROM chat_messages WHERE tenant_id = :tenant"
                            + " AND conversation_id = :conversation")
                    .param("tenant", tenant)
                    .param("conversation", conversation)
                    .update();
            forgotten += more;
          } while (more > 0);
          return forgotten;
        });
  }

  /** Deletes all conversations of a tenant. */
  public void forget(String tenant) {
    var unused =
        asking(
            () ->
                jdbc.sql("DELETE FROM chat_messages WHERE tenant_id = :tenant")
                    .param("tenant", tenant)
                    .update());
  }

  /**
   * Deletes messages of before a time and returns how many. The system prompt of a conversation
   * that still has younger messages stays.
   */
  public int purge(Instant before) {
    return asking(
        () ->
            jdbc.sql(
                    "DELETE FROM chat_messages WHERE created_at < :before AND (role NOT IN "
                        + INSTRUCTING
                        + " OR NOT EXISTS (SELECT 1 FROM chat_messages later"
                        + " WHERE later.tenant_id = chat_messages.tenant_id"
                        + " AND later.conversation_id = chat_messages.conversation_id"
                        + " AND later.created_at >= :before))")
                .param("before", before.atOffset(ZoneOffset.UTC))
                .update());
  }

  private static <T> T asking(Supplier<T> question) {
    try {
      return question.get();
    } catch (DataAccessException | TransactionException e) {
      throw new LedgerUnavailableException("a conversation cannot be read or written", e);
    }
  }
}
