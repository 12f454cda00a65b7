package dev.serai.limit;

import dev.serai.ledger.Change;
import dev.serai.ledger.Changes;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The limits that were set through the admin API, in the database. */
final class LimitStore {

  private static final String FIELDS =
      "requests_per_minute, requests_per_day, tokens_per_minute, tokens_per_day, concurrency";

  private final JdbcClient jdbc;
  private final Changes changes;

  LimitStore(JdbcClient jdbc, Changes changes) {
    this.jdbc = jdbc;
    this.changes = changes;
  }

  Map<Subject, Limit> all() {
    Map<Subject, Limit> all = new HashMap<>();
    jdbc.sql("SELECT scope, id, " + FIELDS + " FROM limits")
        .query(
            rows -> {
              Scope scope = Scope.of(rows.getString("scope"));
              if (scope != null) {
                all.put(new Subject(scope, rows.getString("id")), limit(rows));
              }
            });
    return all;
  }

  @Nullable Limit find(Subject subject) {
    return jdbc.sql("SELECT " + FIELDS + " FROM limits WHERE scope = :scope AND id = :id")
        .param("scope", subject.scope().label())
        .param("id", subject.id())
        .query((rows, i) -> limit(rows))
        .optional()
        .orElse(null);
  }

  /** Sets a limit; the last one wins. */
  void put(Subject subject, Limit limit, String actor) {
    changes.make(
        () -> {
          Limit before = find(subject);
          remove(subject);
          insert(subject, limit);
          return change(actor, before == null ? "create" : "update", subject, before, limit);
        });
  }

  /** Sets the first limit of a subject, inside the transaction of the caller. */
  void insert(Subject subject, Limit limit) {
    jdbc.sql(
            "INSERT INTO limits (scope, id, "
                + FIELDS
                + ") VALUES (:scope, :id, :rpm, :rpd, :tpm, :tpd, :concurrency)")
        .param("scope", subject.scope().label())
        .param("id", subject.id())
        .param("rpm", limit.requestsPerMinute())
        .param("rpd", limit.requestsPerDay())
        .param("tpm", limit.tokensPerMinute())
        .param("tpd", limit.tokensPerDay())
        .param("concurrency", limit.concurrency())
        .update();
  }

  /** Takes a limit away and returns what it was. */
  void delete(Subject subject, Limit before, String actor) {
    changes.make(
        () -> {
          remove(subject);
          return change(actor, "delete", subject, before, null);
        });
  }

  void forgetTenant(String id) {
    jdbc.sql(
            "DELETE FROM limits WHERE scope = :key AND id IN"
                + " (SELECT id FROM gateway_keys WHERE tenant_id = :tenant)")
        .param("key", Scope.KEY.label())
        .param("tenant", id)
        .update();
    remove(new Subject(Scope.TENANT, id));
  }

  void forgetKey(String id) {
    remove(new Subject(Scope.KEY, id));
  }

  private void remove(Subject subject) {
    jdbc.sql("DELETE FROM limits WHERE scope = :scope AND id = :id")
        .param("scope", subject.scope().label())
        .param("id", subject.id())
        .update();
  }

  private static Change change(
      String actor, String action, Subject subject, @Nullable Limit before, @Nullable Limit after) {
    return new Change(
        actor,
        action,
        Change.Kind.LIMIT,
        subject.path(),
        before == null ? null : before.json(),
        after == null ? null : after.json());
  }

  private static Limit limit(ResultSet rows) throws SQLException {
    return new Limit(
        rows.getObject("requests_per_minute", Long.class),
        rows.getObject("requests_per_day", Long.class),
        rows.getObject("tokens_per_minute", Long.class),
        rows.getObject("tokens_per_day", Long.class),
        rows.getObject("concurrency", Long.class));
  }
}
