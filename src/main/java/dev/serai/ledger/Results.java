package dev.serai.ledger;

import java.time.Clock;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Answers kept under a key, so that a request that comes again is answered without a call. A claim
 * whose process died is free again: its owner is no longer in {@code replicas} with a valid lease.
 */
public final class Results {
  private final JdbcClient jdbc;
  private final String owner;
  private final Clock clock;

  private record Row(
      String tenantId, String fingerprint, String owner, String state, @Nullable String body) {}

  Results(JdbcClient jdbc, String owner, Clock clock) {
    this.jdbc = jdbc;
    this.owner = owner;
    this.clock = clock;
  }

  /**
   * Claims a request for this process, unless it is taken or answered.
   *
   * @param key at most 64 characters; hash the tenant into it, for keys of two tenants must differ
   * @param fingerprint a hash of the request, at most 128 characters; another one under the same
   *     key is a conflict
   * @throws DataAccessException when the database cannot be used
   */
  public Claim claim(String key, String tenant, String fingerprint) {
    while (true) {
      if (insert(key, tenant, fingerprint)) {
        return new Claim.New();
      }
      Optional<Row> row = find(key);
      if (row.isPresent()) {
        return judge(key, tenant, fingerprint, row.get());
      }
    }
  }

  /** Stores the answer to a claimed request; nothing happens when the key is unknown. */
  public void done(String key, String body) {
    jdbc.sql(
            "UPDATE results SET state = 'done', body = :body, completed_at = :now"
                + " WHERE result_key = :key")
        .param("body", body)
        .param("now", now())
        .param("key", key)
        .update();
  }

  /** Gives a claim up: the next one who asks may answer. */
  public void forget(String key) {
    jdbc.sql("DELETE FROM results WHERE result_key = :key").param("key", key).update();
  }

  /** Deletes all answers of a tenant. */
  public void forgetTenant(String tenant) {
    jdbc.sql("DELETE FROM results WHERE tenant_id = :tenant").param("tenant", tenant).update();
  }

  /** Deletes what was claimed before a time and returns how many. */
  public int purge(Instant before) {
    return jdbc.sql("DELETE FROM results WHERE created_at < :before")
        .param("before", before.atOffset(ZoneOffset.UTC))
        .update();
  }

  private Claim judge(String key, String tenant, String fingerprint, Row row) {
    if (!row.tenantId.equals(tenant) || !row.fingerprint.equals(fingerprint)) {
      return new Claim.Conflict();
    }
    if (row.state.equals("done")) {
      return new Claim.Done(row.body == null ? "" : row.body);
    }
    boolean ours = !row.owner.equals(owner) && !alive(row.owner) && takeOver(key, row.owner);
    return ours ? new Claim.New() : new Claim.InProgress();
  }

  private boolean insert(String key, String tenant, String fingerprint) {
    try {
      jdbc.sql(
              "INSERT INTO results (result_key, tenant_id, request_fingerprint, owner, state,"
                  + " created_at) VALUES (:key, :tenant, :fingerprint, :owner, 'started', :now)")
          .param("key", key)
          .param("tenant", tenant)
          .param("fingerprint", fingerprint)
          .param("owner", owner)
          .param("now", now())
          .update();
      return true;
    } catch (DuplicateKeyException e) {
      return false;
    }
  }

  private Optional<Row> find(String key) {
    return jdbc.sql(
            "SELECT tenant_id, request_fingerprint, owner, state, body FROM results"
                + " WHERE result_key = :key")
        .param("key", key)
        .query(
            (rows, number) ->
                new Row(
                    rows.getString(1),
                    rows.getString(2),
                    rows.getString(3),
                    rows.getString(4),
                    rows.getString(5)))
        .optional();
  }

  private boolean alive(String replica) {
    return jdbc.sql(
                "SELECT count(*) FROM replicas"
                    + " WHERE id = :id AND lease_until >= CURRENT_TIMESTAMP")
            .param("id", replica)
            .query(Integer.class)
            .single()
        > 0;
  }

  private boolean takeOver(String key, String from) {
    return jdbc.sql(
                "UPDATE results SET owner = :owner, created_at = :now"
                    + " WHERE result_key = :key AND owner = :from AND state = 'started'")
            .param("owner", owner)
            .param("now", now())
            .param("key", key)
            .param("from", from)
            .update()
        == 1;
  }

  private OffsetDateTime now() {
    return clock.instant().atOffset(ZoneOffset.UTC);
  }
}
