package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.serai.ledger.Difference.Kind;
import dev.serai.ledger.Reconciliation.Repair.OfBudget;
import dev.serai.ledger.Reconciliation.Repair.OfHour;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What is kept beside the rows is compared with them, and every difference is named. */
abstract class ReconciliationContract {
  private static final Instant NOW = Instant.parse("2026-03-02T12:30:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path folder;
  private TestDatabase database;
  private JdbcClient jdbc;
  private Changes changes;
  private Reconciliation reconciliation;
  private final List<Reconciled> told = new ArrayList<>();

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    jdbc = database.jdbc();
    JdbcTransactionManager manager = new JdbcTransactionManager(database.pool);
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    changes = new Changes(jdbc, new TransactionTemplate(manager), clock);
    reconciliation =
        new Reconciliation(
            new HourCheck(jdbc),
            new BudgetCheck(database.pool, LedgerConfiguration.snapshot(manager)),
            new ReconciliationStore(jdbc, new TransactionTemplate(manager)),
            changes,
            database.pool,
            List.of(
                result -> {
                  throw new IllegalStateException("a listener that fails");
                },
                told::add),
            clock);
    jdbc.sql("INSERT INTO replicas VALUES ('me', 0, :now, :now, 0)")
        .param("now", NOW.atOffset(ZoneOffset.UTC))
        .update();
  }

  @AfterEach
  void close() {
    changes.close();
    database.close();
  }

  @Test
  void a_ledger_that_adds_up_has_no_difference() throws Exception {
    settled(NOW.minus(HOUR), NOW.minus(HOUR.multipliedBy(100)), NOW);
    opened(NOW.minus(HOUR), "1");
    period(1, 0, 0, 1_000);

    Reconciled result = run();

    assertThat(result.listed()).isEmpty();
    assertThat(result.hours()).isEqualTo(100);
    assertThat(result.periods()).isOne();
    assertThat(told).containsExactly(result);
    assertThat(reconciliation.latest()).isEqualTo(result);
  }

  @Test
  void a_falsified_sum_is_found_and_named_with_both_figures() throws Exception {
    settled(NOW.minus(HOUR));
    jdbc.sql("UPDATE usage_hours SET cost_nanos = cost_nanos + 1, requests = 7").update();

    Reconciled result = run();

    assertThat(result.differences()).isOne();
    assertThat(result.listed())
        .containsExactly(
            new Difference(
                Kind.HOUR,
                NOW.getEpochSecond() / 3600 - 1,
                "hour=2026-03-02T11:00:00Z tenant=acme key=key-1 account=tenant entry=http role=rag"
                    + " target=openai-eu provider=openai model=gpt-4o",
                "requests=1 cost_nanos=737500",
                "requests=7 cost_nanos=737501"));
  }

  @Test
  void a_row_without_a_sum_and_a_sum_without_rows_are_found() throws Exception {
    settled(NOW.minus(HOUR), NOW.minus(HOUR.multipliedBy(2)));
    jdbc.sql("DELETE FROM usage_hours WHERE epoch_hour = :hour").param("hour", hour(1)).update();
    jdbc.sql("DELETE FROM llm_usage WHERE id < :id")
        .param("id", HourRange.lowestId(hour(1)))
        .update();

    assertThat(run().listed())
        .extracting(Difference::hour, each -> each.byRows().substring(0, "requests=0".length()))
        .containsExactly(tuple(hour(2), "requests=0"), tuple(hour(1), "requests=1"));
  }

  @Test
  void a_row_that_nobody_is_going_to_close_is_found() throws Exception {
    opened(NOW.minus(HOUR.multipliedBy(2)), null);
    jdbc.sql("UPDATE replicas SET open_from = :id")
        .param("id", RowIds.lowestAt(NOW.minus(HOUR)))
        .update();

    assertThat(run().listed())
        .extracting(Difference::kind, Difference::kept)
        .containsExactly(tuple(Kind.OPEN_ROW, "replica=0 is gone"));
  }

  @Test
  void a_budget_that_is_not_what_its_rows_add_up_to_is_found() throws Exception {
    period(1, 100, 100, 1_000);
    period(2, 0, 737_500, 1_000);
    period(3, 0, 0, 5);
    opened(NOW.minus(HOUR), "2");
    long id = opened(NOW.minus(HOUR.multipliedBy(2)), "1,2");
    new Settling(database.pool, row -> null, OutboxRows.NONE).write(List.of(Rows.settled(id)));

    Reconciled result = run();

    assertThat(result.listed())
        .extracting(Difference::subject, Difference::byRows, Difference::kept)
        .containsExactly(
            tuple(
                "scope=tenant id=t2 since=2026-03-01T00:00:00Z",
                "spent_nanos=737500 reserved_nanos=1000",
                "spent_nanos=1475000 reserved_nanos=0"),
            tuple(
                "scope=tenant id=t3 since=2026-03-01T00:00:00Z",
                "spent_nanos=0 reserved_nanos=0",
                "spent_nanos=0 reserved_nanos=5"));
  }

  @Test
  void repairing_sets_the_sums_to_the_rows_and_is_audited() throws Exception {
    settled(NOW.minus(HOUR), NOW.minus(HOUR.multipliedBy(70)));
    jdbc.sql("UPDATE usage_hours SET cost_nanos = 0 WHERE epoch_hour = :hour")
        .param("hour", hour(1))
        .update();
    jdbc.sql("DELETE FROM usage_hours WHERE epoch_hour = :hour").param("hour", hour(70)).update();
    assertThat(run().differences()).isEqualTo(2);

    Reconciled result = Objects.requireNonNull(reconciliation.repair(this::change));

    assertThat(result.repaired()).isEqualTo(2);
    assertThat(result.differences()).isZero();
    assertThat(jdbc.sql("SELECT sum(cost_nanos) FROM usage_hours").query(Long.class).single())
        .isEqualTo(2 * 737_500);
    assertThat(
            jdbc.sql("SELECT subject, old_value, new_value FROM audit ORDER BY id")
                .query()
                .listOfRows())
        .extracting(row -> List.copyOf(row.values()))
        .containsExactly(
            List.of("2026-02-27T14:00:00Z", "{\"nanos\":0}", "{\"nanos\":737500}"),
            List.of("2026-03-02T11:00:00Z", "{\"nanos\":0}", "{\"nanos\":737500}"));
  }

  @Test
  void what_differed_is_compared_again_until_it_agrees() throws Exception {
    settled(NOW.minus(HOUR.multipliedBy(200)));
    jdbc.sql("UPDATE usage_hours SET requests = 2").update();
    run();

    assertThat(run().differences()).isOne();
    jdbc.sql("UPDATE usage_hours SET requests = 1").update();
    assertThat(run().hours()).isEqualTo(49);
    assertThat(run().hours()).isEqualTo(48);
  }

  @Test
  void one_replica_compares_when_it_is_due() throws Exception {
    settled(NOW.minus(HOUR));

    assertThat(reconciliation.runIfDue(HOUR)).isNotNull();
    assertThat(reconciliation.runIfDue(HOUR)).isNull();
    jdbc.sql("UPDATE reconciliation SET started_at = :then")
        .param("then", NOW.minus(HOUR).atOffset(ZoneOffset.UTC))
        .update();
    assertThat(reconciliation.runIfDue(HOUR)).isNotNull();
  }

  @Test
  void a_clock_that_was_far_ahead_stops_no_comparison() {
    jdbc.sql("UPDATE reconciliation SET started_at = :then")
        .param("then", NOW.plus(Duration.ofDays(3650)).atOffset(ZoneOffset.UTC))
        .update();

    assertThat(reconciliation.runIfDue(HOUR)).isNotNull();
    assertThat(reconciliation.runIfDue(HOUR)).isNull();
  }

  @Test
  void a_period_that_began_long_ago_is_compared_once_a_day_and_while_it_differs() {
    period(1, 0, 0, 0);
    period(2, 0, 0, 0);
    jdbc.sql("UPDATE budget_periods SET starts_at = '1970-01-01T00:00:00Z' WHERE id = 2").update();

    assertThat(due().periods()).isEqualTo(2);
    assertThat(due().periods()).isOne();
    allComparedAt(NOW.minus(Duration.ofDays(1)));
    assertThat(due().periods()).isEqualTo(2);
    assertThat(due().periods()).isOne();
    allComparedAt(NOW.plus(Duration.ofDays(30)));
    assertThat(due().periods()).isEqualTo(2);

    jdbc.sql("UPDATE budget_periods SET spent_nanos = 5 WHERE id = 2").update();
    assertThat(run().differences()).isOne();
    assertThat(due().differences()).isOne();
    assertThat(due().differences()).isOne();
    jdbc.sql("UPDATE budget_periods SET spent_nanos = 0 WHERE id = 2").update();
    assertThat(due().periods()).isEqualTo(2);
    assertThat(due().periods()).isOne();
  }

  private Reconciled due() {
    jdbc.sql("UPDATE reconciliation SET started_at = NULL").update();
    return Objects.requireNonNull(reconciliation.runIfDue(HOUR));
  }

  private void allComparedAt(Instant time) {
    jdbc.sql("UPDATE reconciliation SET all_at = :time")
        .param("time", time.atOffset(ZoneOffset.UTC))
        .update();
  }

  @Test
  void repairing_sets_budgets_to_what_the_rows_say_and_is_audited() throws Exception {
    period(1, 100, 7, 3);
    period(2, 0, 737_500, 1_000);
    opened(NOW.minus(HOUR), "1,2");
    long id = opened(NOW.minus(HOUR.multipliedBy(2)), "1,2,11");
    new Settling(database.pool, row -> null, OutboxRows.NONE).write(List.of(Rows.settled(id)));
    jdbc.sql("UPDATE budget_periods SET spent_nanos = 7, reserved_nanos = 3 WHERE id = 1").update();
    jdbc.sql(
            "UPDATE budget_periods SET spent_nanos = 737500, reserved_nanos = 737500"
                + " WHERE id = 2")
        .update();
    assertThat(run().differences()).isEqualTo(2);

    Reconciled result = Objects.requireNonNull(reconciliation.repair(this::change));

    assertThat(result.repaired()).isEqualTo(2);
    assertThat(result.differences()).isZero();
    assertThat(
            jdbc.sql("SELECT spent_nanos, reserved_nanos FROM budget_periods ORDER BY id")
                .query((rows, i) -> rows.getLong(1) + " " + rows.getLong(2))
                .list())
        .containsExactly("737600 1000", "737500 1000");
    assertThat(
            jdbc.sql("SELECT subject, old_value, new_value FROM audit ORDER BY id")
                .query()
                .listOfRows())
        .extracting(row -> List.copyOf(row.values()))
        .containsExactly(
            List.of("tenant/t1", "{\"nanos\":[7,3]}", "{\"nanos\":[737600,1000]}"),
            List.of("tenant/t2", "{\"nanos\":[737500,737500]}", "{\"nanos\":[737500,1000]}"));
  }

  @Test
  void calls_that_go_on_while_a_budget_is_repaired_are_counted_once() throws Exception {
    period(1, 0, 50, 0);
    BudgetCheck check =
        new BudgetCheck(
            database.pool, LedgerConfiguration.snapshot(new JdbcTransactionManager(database.pool)));
    BudgetCheck.Differing differing = check.run(NOW, Instant.EPOCH).differing().getFirst();
    long id = opened(NOW.minus(HOUR), "1");
    jdbc.sql("UPDATE budget_periods SET reserved_nanos = reserved_nanos + 1000").update();
    new Settling(database.pool, row -> null, OutboxRows.NONE).write(List.of(Rows.settled(id)));

    check.repair(differing);
    check.repair(differing);

    assertThat(check.run(NOW, Instant.EPOCH).differing()).isEmpty();
    assertThat(jdbc.sql("SELECT spent_nanos FROM budget_periods").query(Long.class).single())
        .isEqualTo(737_500);
  }

  @Test
  void more_differences_than_can_be_listed_are_counted() throws Exception {
    Instant[] times = new Instant[150];
    for (int i = 0; i < times.length; i++) {
      times[i] = NOW.minus(HOUR.multipliedBy(i + 1L));
    }
    settled(times);
    jdbc.sql("UPDATE usage_hours SET requests = 2").update();

    Reconciled result = run();

    assertThat(result.differences()).isEqualTo(150);
    assertThat(result.listed()).hasSize(100);
    assertThat(run().differences()).isEqualTo(150);
  }

  private Reconciled run() {
    return Objects.requireNonNull(reconciliation.run());
  }

  private Change change(Reconciliation.Repair repair) {
    return switch (repair) {
      case OfHour hour ->
          new Change(
              "admin-key",
              "repair",
              Change.Kind.USAGE,
              hour.hour().toString(),
              "{\"nanos\":%d}".formatted(hour.kept().costNanos()),
              "{\"nanos\":%d}".formatted(hour.byRows().costNanos()));
      case OfBudget budget ->
          new Change(
              "admin-key",
              "repair",
              Change.Kind.BUDGET,
              budget.scope() + "/" + budget.id(),
              "{\"nanos\":[%d,%d]}".formatted(budget.spent(), budget.reserved()),
              "{\"nanos\":[%d,%d]}".formatted(budget.spentByRows(), budget.reservedByRows()));
    };
  }

  private static long hour(int before) {
    return NOW.getEpochSecond() / 3600 - before;
  }

  private void settled(Instant... times) throws Exception {
    List<Settlement> settlements = new ArrayList<>();
    for (Instant time : times) {
      settlements.add(Rows.settled(opened(time, null)));
    }
    new Settling(database.pool, row -> null, OutboxRows.NONE).write(settlements);
  }

  private long opened(Instant time, @Nullable String budgets) throws Exception {
    long id = RowIds.lowestAt(time);
    try (Connection connection = database.pool.getConnection();
        NamedSql.Prepared insert = NamedSql.load("sql/open-usage.sql").prepare(connection)) {
      while (jdbc.sql("SELECT count(*) FROM llm_usage WHERE id = :id")
              .param("id", id)
              .query(Long.class)
              .single()
          > 0) {
        id++;
      }
      insert.executeBatch(List.of(Rows.open(id)));
    }
    jdbc.sql("UPDATE llm_usage SET budgets = :budgets WHERE id = :id")
        .param("budgets", budgets)
        .param("id", id)
        .update();
    return id;
  }

  private void period(long id, long begunWith, long spent, long reserved) {
    jdbc.sql(
            "INSERT INTO budget_periods (id, scope, subject, starts_at, hard, limit_nanos,"
                + " carried_nanos, begun_with_nanos, spent_nanos, reserved_nanos)"
                + " VALUES (:id, 'tenant', :subject, :start, TRUE, 1000000, 0, :begun, :spent,"
                + " :reserved)")
        .param("id", id)
        .param("subject", "t" + id)
        .param("start", Instant.parse("2026-03-01T00:00:00Z").atOffset(ZoneOffset.UTC))
        .param("begun", begunWith)
        .param("spent", spent)
        .param("reserved", reserved)
        .update();
  }
}
