package dev.serai.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Usage events that wait for a broker. Several replicas take from it at once; what one has taken
 * and did not hand over in time is taken by another.
 */
public final class Outbox {
  /** For how long an event is one replica's. */
  private static final Duration LEASE = Duration.ofMinutes(2);

  private static final String FREE = "(claimed_until IS NULL OR claimed_until < CURRENT_TIMESTAMP)";

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;
  private final String replica;

  Outbox(JdbcClient jdbc, TransactionOperations transactions, String replica) {
    this.jdbc = jdbc;
    this.transactions = transactions;
    this.replica = replica;
  }

  /**
   * Takes the oldest events that are nobody else's, for two minutes.
   *
   * @param most 1 or more
   * @throws DataAccessException when the database cannot be used
   */
  public List<UsageEvent> claim(int most) {
    List<UsageEvent> events = transactions.execute(status -> take(most));
    return events == null ? List.of() : events;
  }

  private List<UsageEvent> take(int most) {
    List<Long> ids =
        jdbc.sql(
                "SELECT row_id FROM usage_outbox WHERE "
                    + FREE
                    + " ORDER BY row_id, revision LIMIT "
                    + most
                    + " FOR UPDATE SKIP LOCKED")
            .query(Long.class)
            .list();
    if (ids.isEmpty()) {
      return List.of();
    }
    jdbc.sql(
            "UPDATE usage_outbox SET claimed_by = :replica, claimed_until = CURRENT_TIMESTAMP"
                + " + CAST(:seconds AS BIGINT) * INTERVAL '1' SECOND"
                + " WHERE row_id IN (:ids) AND "
                + FREE)
        .param("replica", replica)
        .param("seconds", LEASE.toSeconds())
        .param("ids", ids)
        .update();
    return new ArrayList<>(
        jdbc.sql(
                "SELECT o.revision, u.* FROM usage_outbox o JOIN llm_usage u ON u.id = o.row_id"
                    + " WHERE o.claimed_by = :replica AND o.row_id IN (:ids)"
                    + " ORDER BY o.row_id, o.revision")
            .param("replica", replica)
            .param("ids", ids)
            .query((row, number) -> new UsageEvent(LedgerRows.row(row), row.getInt("revision")))
            .list());
  }

  /**
   * Forgets events that the broker has.
   *
   * @throws DataAccessException when the database cannot be used; then they are published again
   */
  public void published(List<UsageEvent> events) {
    Map<Integer, List<Long>> byRevision =
        events.stream()
            .collect(
                Collectors.groupingBy(
                    UsageEvent::revision,
                    Collectors.mapping(event -> event.row().id(), Collectors.toList())));
    transactions.executeWithoutResult(
        status ->
            byRevision.forEach(
                (revision, ids) ->
                    jdbc.sql(
                            "DELETE FROM usage_outbox WHERE revision = :revision"
                                + " AND row_id IN (:ids)")
                        .param("revision", revision)
                        .param("ids", ids)
                        .update()));
  }

  /**
   * Gives back all that this replica has taken.
   *
   * @throws DataAccessException when the database cannot be used; then the time gives it back
   */
  public void release() {
    jdbc.sql("UPDATE usage_outbox SET claimed_until = NULL WHERE claimed_by = :replica")
        .param("replica", replica)
        .update();
  }

  /**
   * How many events wait, those taken included.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public long size() {
    return jdbc.sql("SELECT COUNT(*) FROM usage_outbox").query(Long.class).single();
  }
}
