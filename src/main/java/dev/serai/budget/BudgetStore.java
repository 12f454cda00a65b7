package dev.serai.budget;

import dev.serai.budget.Budget.Mode;
import dev.serai.budget.Budget.OnBudget;
import dev.serai.ledger.Change;
import dev.serai.ledger.Changes;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The budgets that were set through the admin API, in the database. */
final class BudgetStore {

  private static final String FIELDS =
      "scope, id, limit_nanos, period, time_zone, mode, carry_over, on_budget, created_at";

  private final JdbcClient jdbc;
  private final Changes changes;
  private final ReplacedKeys replaced;

  BudgetStore(JdbcClient jdbc, Changes changes) {
    this.jdbc = jdbc;
    this.replaced = new ReplacedKeys(jdbc);
    this.changes = changes;
  }

  Map<Subject, Budget> all() {
    Map<Subject, Budget> all = new HashMap<>();
    jdbc.sql("SELECT " + FIELDS + " FROM budgets")
        .query(
            rows -> {
              Budget budget = budget(rows);
              all.put(budget.subject(), budget);
            });
    return all;
  }

  @Nullable Budget find(Subject subject) {
    Optional<Budget> found =
        of(
                jdbc.sql("SELECT " + FIELDS + " FROM budgets WHERE scope = :scope AND id = :id"),
                subject)
            .query((rows, i) -> budget(rows))
            .optional();
    return found.orElse(null);
  }

  /**
   * Sets a budget; the last one wins. What is spent in the running period stays, unless the new one
   * has other periods.
   *
   * @param configured what was in force where nothing was set; null for none
   */
  void put(Budget budget, @Nullable Budget configured, Instant now, String actor) {
    changes.make(
        () -> {
          Subject subject = budget.subject();
          Budget old = find(subject);
          Budget before = old == null ? configured : old;
          boolean goesOn = before != null && before.samePeriods(budget);
          of(jdbc.sql("DELETE FROM budgets WHERE scope = :scope AND id = :id"), subject).update();
          Instant created = old == null || !goesOn ? null : old.createdAt();
          insert(budget, created == null ? now : created, now);
          if (goesOn) {
            change(budget, now);
          } else {
            forgetPeriods(Set.of(subject));
          }
          return change(actor, old == null ? "create" : "update", subject, old, budget);
        });
  }

  /**
   * Takes a budget away with all that is known of its periods; null when there was none.
   *
   * @param configured what comes into force then; null for none
   */
  @Nullable Budget delete(Subject subject, @Nullable Budget configured, Instant now, String actor) {
    Budget before = find(subject);
    if (before != null) {
      changes.make(
          () -> {
            if (configured != null && before.samePeriods(configured)) {
              of(jdbc.sql("DELETE FROM budgets WHERE scope = :scope AND id = :id"), subject)
                  .update();
              change(configured, now);
            } else {
              forget(Set.of(subject));
            }
            return change(actor, "delete", subject, before, null);
          });
    }
    return before;
  }

  /** Gives the running period other terms. */
  private void change(Budget budget, Instant now) {
    of(
            jdbc.sql(
                "UPDATE budget_periods SET limit_nanos = :limit, hard = :hard,"
                    + " carried_nanos = CASE WHEN :carry THEN carried_nanos ELSE 0 END"
                    + " WHERE scope = :scope AND subject = :id"
                    + " AND (ends_at IS NULL OR ends_at > :now)"),
            budget.subject())
        .param("limit", budget.limitNanos())
        .param("hard", budget.hard())
        .param("carry", budget.carryOver())
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
  }

  /** Which keys had their place taken by which. */
  ReplacedKeys replaced() {
    return replaced;
  }

  /** Takes away what is set for a tenant and its keys, inside the transaction of the caller. */
  void forgetTenant(String id) {
    List<String> keys =
        jdbc.sql("SELECT id FROM gateway_keys WHERE tenant_id = :tenant")
            .param("tenant", id)
            .query(String.class)
            .list();
    Set<Subject> subjects = new HashSet<>();
    keys.forEach(key -> subjects.add(new Subject(Scope.KEY, key)));
    subjects.add(new Subject(Scope.TENANT, id));
    forget(subjects);
    keys.forEach(replaced::forget);
  }

  /** As {@link #forgetTenant}, for a key. */
  void forgetKey(String id) {
    forget(Set.of(new Subject(Scope.KEY, id)));
    replaced.revoked(id);
  }

  /** Sets a budget inside the transaction of the caller. */
  void insert(Budget budget, Instant createdAt, Instant updatedAt) {
    of(
            jdbc.sql(
                "INSERT INTO budgets ("
                    + FIELDS
                    + ", updated_at) VALUES (:scope, :id, :limit, :period, :zone, :mode, :carry,"
                    + " :onBudget, :created, :updated)"),
            budget.subject())
        .param("limit", budget.limitNanos())
        .param("period", budget.period().label())
        .param("zone", budget.zone().getId())
        .param("mode", budget.mode().label())
        .param("carry", budget.carryOver())
        .param("onBudget", budget.onBudget().label())
        .param("created", createdAt.atOffset(ZoneOffset.UTC))
        .param("updated", updatedAt.atOffset(ZoneOffset.UTC))
        .update();
  }

  private void forget(Set<Subject> subjects) {
    for (Subject subject : subjects) {
      of(jdbc.sql("DELETE FROM budgets WHERE scope = :scope AND id = :id"), subject).update();
    }
    forgetPeriods(subjects);
  }

  /** Settlements change several periods in the order of their ids, too. */
  private void forgetPeriods(Set<Subject> subjects) {
    List<Long> periods = new ArrayList<>();
    for (Subject subject : subjects) {
      periods.addAll(
          of(
                  jdbc.sql("SELECT id FROM budget_periods WHERE scope = :scope AND subject = :id"),
                  subject)
              .query(Long.class)
              .list());
    }
    Collections.sort(periods);
    for (Long period : periods) {
      jdbc.sql("DELETE FROM budget_periods WHERE id = :id").param("id", period).update();
    }
  }

  private static JdbcClient.StatementSpec of(JdbcClient.StatementSpec sql, Subject subject) {
    return sql.param("scope", subject.scope().label()).param("id", subject.id());
  }

  private static Change change(
      String actor,
      String action,
      Subject subject,
      @Nullable Budget before,
      @Nullable Budget after) {
    return new Change(
        actor,
        action,
        Change.Kind.BUDGET,
        subject.path(),
        before == null ? null : BudgetJson.of(before),
        after == null ? null : BudgetJson.of(after));
  }

  private static Budget budget(ResultSet rows) throws SQLException {
    Scope scope = Scope.of(rows.getString("scope"));
    Period period = Period.of(rows.getString("period"));
    Mode mode = Mode.of(rows.getString("mode"));
    OnBudget onBudget = OnBudget.of(rows.getString("on_budget"));
    if (scope == null || period == null || mode == null || onBudget == null) {
      throw new IllegalStateException(
          "the table budgets has a row that this version cannot read: scope, period, mode and"
              + " on_budget must be known");
    }
    return new Budget(
        new Subject(scope, rows.getString("id")),
        rows.getLong("limit_nanos"),
        period,
        ZoneId.of(rows.getString("time_zone")),
        mode,
        rows.getBoolean("carry_over"),
        onBudget,
        rows.getObject("created_at", OffsetDateTime.class).toInstant());
  }
}
