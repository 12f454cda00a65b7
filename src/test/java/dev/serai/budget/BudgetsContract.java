package dev.serai.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.budget.Budget.Mode;
import dev.serai.budget.Budget.OnBudget;
import dev.serai.ledger.BudgetExceededException;
import dev.serai.ledger.BudgetGoneException;
import dev.serai.ledger.Changes;
import dev.serai.ledger.LedgerUnderTest;
import dev.serai.ledger.TestDatabase;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What budgets promise from one period to the next, and from one replica to another. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BudgetsContract {
  private static final String ACTOR = "admin-key";
  private static final Subject ACME = new Subject(Scope.TENANT, "acme");
  private static final Subject KEY = new Subject(Scope.KEY, "k1");
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  /** A noon of the time in which ids are taken, so that rows are of today. */
  private final Instant noon =
      Clock.systemUTC().instant().truncatedTo(ChronoUnit.DAYS).plus(Duration.ofHours(12));

  @TempDir static Path databases;
  @TempDir Path folder;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TestDatabase database;
  private LedgerUnderTest ledger;
  private Instant now = Instant.EPOCH;

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  abstract TestDatabase database(Path folder);

  @BeforeAll
  void make() {
    database = database(databases);
  }

  @AfterAll
  void drop() {
    database.close();
  }

  @BeforeEach
  void open() {
    now = noon;
    ledger = new LedgerUnderTest(database, folder.resolve("home"), clock);
    opened.add(ledger);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    opened.clear();
    for (String table :
        List.of(
            "llm_usage",
            "budget_periods",
            "budgets",
            "replicas",
            "gateway_keys",
            "tenants",
            "usage_hours",
            "replaced_keys")) {
      database.jdbc().sql("DELETE FROM " + table).update();
    }
  }

  private Budgets budgets(Budget... configured) {
    Changes changes = database.changes();
    opened.add(changes);
    Map<Subject, Budget> bySubject = new HashMap<>();
    for (Budget budget : configured) {
      bySubject.put(budget.subject(), budget);
    }
    Budgets budgets =
        new Budgets(
            new BudgetStore(database.jdbc(), changes),
            new PeriodStore(database.jdbc(), ledger.spentSoFar()),
            bySubject,
            changes,
            clock);
    opened.add(budgets);
    return budgets;
  }

  private static Budget of(Subject subject, long limit, Period period, ZoneId zone, boolean carry) {
    return new Budget(subject, limit, period, zone, Mode.HARD, carry, OnBudget.REFUSE, null);
  }

  private static Budget daily(long limit) {
    return of(ACME, limit, Period.DAY, ZoneOffset.UTC, false);
  }

  private static Budget carried(long limit) {
    return of(ACME, limit, Period.DAY, ZoneOffset.UTC, true);
  }

  private static Standing standing(Budgets budgets, Subject subject) {
    return Objects.requireNonNull(budgets.standing(subject));
  }

  private static long spent(Budgets budgets) {
    return standing(budgets, ACME).spentNanos();
  }

  private long call(Budgets budgets, Subject subject, long estimate) {
    @Nullable String key = subject.scope() == Scope.KEY ? subject.id() : null;
    return ledger.open("acme", key, estimate, ids(budgets.applying(List.of(subject))));
  }

  private static List<Long> ids(List<OpenPeriod> open) {
    return open.stream().map(OpenPeriod::id).toList();
  }

  private void spend(Budgets budgets, Subject subject, long cost) {
    ledger.settle(call(budgets, subject, cost), cost);
  }

  @Test
  void each_period_begins_with_nothing_spent() {
    Budgets budgets = budgets(daily(1_000));
    spend(budgets, ACME, 900);

    now = now.plus(Duration.ofDays(1));

    assertThat(spent(budgets)).isZero();
    spend(budgets, ACME, 1_000);
    assertThatThrownBy(() -> call(budgets, ACME, 1)).isInstanceOf(BudgetExceededException.class);
  }

  @Test
  void a_call_is_paid_from_the_period_in_which_it_began() {
    Budgets budgets = budgets(daily(1_000));
    long underWay = call(budgets, ACME, 600);
    now = now.plus(Duration.ofDays(1));
    spend(budgets, ACME, 100);

    ledger.settle(underWay, 500);

    assertThat(spent(budgets)).isEqualTo(100);
    now = noon;
    assertThat(standing(budgets, ACME))
        .extracting(Standing::spentNanos, Standing::reservedNanos)
        .containsExactly(500L, 0L);
  }

  @Test
  void a_clock_that_jumps_over_midnight_and_back_grants_nothing_twice() {
    Budgets budgets = budgets(daily(1_000));
    for (int i = 0; i < 5; i++) {
      now = noon;
      spend(budgets, ACME, 200);
      now = noon.plus(Duration.ofDays(1));
      spend(budgets, ACME, 200);
    }

    assertThatThrownBy(() -> call(budgets, ACME, 1)).isInstanceOf(BudgetExceededException.class);
    now = noon;
    assertThatThrownBy(() -> call(budgets, ACME, 1)).isInstanceOf(BudgetExceededException.class);
  }

  @Test
  void what_is_left_is_carried_over_up_to_one_limit() {
    Budgets budgets = budgets(carried(1_000));
    spend(budgets, ACME, 300);
    call(budgets, ACME, 100);

    now = now.plus(Duration.ofDays(1));
    assertThat(standing(budgets, ACME).capNanos()).isEqualTo(1_600);
    spend(budgets, ACME, 100);

    now = now.plus(Duration.ofDays(1));
    assertThat(standing(budgets, ACME).capNanos()).isEqualTo(2_000);
    now = now.plus(Duration.ofDays(4));
    assertThat(standing(budgets, ACME).capNanos()).isEqualTo(2_000);
  }

  @Test
  void nothing_is_carried_into_the_period_in_which_a_budget_is_set() {
    Budgets budgets = budgets(daily(500));
    spend(budgets, ACME, 100);
    now = now.plus(Duration.ofDays(1));

    budgets.put(carried(1_000), ACTOR);

    assertThat(standing(budgets, ACME).capNanos()).isEqualTo(1_000);
  }

  @Test
  void a_changed_limit_holds_at_once_on_a_replica_that_has_not_heard_of_it() {
    Budgets here = budgets();
    here.put(daily(1_000), ACTOR);
    Budgets there = budgets();
    spend(there, ACME, 400);
    List<OpenPeriod> known = there.applying(List.of(ACME));

    here.put(daily(500), ACTOR);

    assertThatThrownBy(() -> ledger.open("acme", null, 101, ids(known)))
        .isInstanceOfSatisfying(
            BudgetExceededException.class, e -> assertThat(e.refusal().capNanos()).isEqualTo(500));
    ledger.open("acme", null, 100, ids(known));
  }

  @Test
  void a_replica_that_begins_a_period_takes_the_limit_that_was_set_meanwhile() {
    Budgets here = budgets();
    here.put(daily(1_000), ACTOR);
    Budget old = Objects.requireNonNull(here.of(ACME));
    here.put(daily(2_000), ACTOR);
    now = now.plus(Duration.ofDays(1));

    new PeriodStore(database.jdbc(), ledger.spentSoFar()).open(old, now);

    assertThat(
            database.jdbc().sql("SELECT limit_nanos FROM budget_periods").query(Long.class).list())
        .containsOnly(2_000L);
  }

  @Test
  void a_new_budget_is_known_to_other_replicas_within_a_second() {
    Budgets here = budgets();
    Budgets there = budgets();
    assertThat(there.applying(List.of(ACME))).isEmpty();

    here.put(daily(1_000), ACTOR);

    await().atMost(Duration.ofSeconds(1)).until(() -> !there.applying(List.of(ACME)).isEmpty());
    here.delete(ACME, ACTOR);
    await().atMost(Duration.ofSeconds(1)).until(() -> there.applying(List.of(ACME)).isEmpty());
  }

  @Test
  void a_budget_set_in_the_middle_counts_what_was_spent_and_later_what_calls_really_cost() {
    Budgets budgets = budgets();
    ledger.settle(ledger.open("acme", null, 100, List.of()), 70);
    long underWay = ledger.open("acme", null, 100, List.of());
    ledger.settle(ledger.open("other", null, 100, List.of()), 70);

    budgets.put(daily(1_000), ACTOR);
    assertThat(spent(budgets)).isEqualTo(170);
    // Another replica had not heard of it.
    ledger.settle(ledger.open("acme", null, 50, List.of()), 50);
    spend(budgets, ACME, 5);
    ledger.settle(underWay, 20);
    recount();

    assertThat(spent(budgets)).isEqualTo(145);
    now = now.plus(Duration.ofMinutes(2));
    recount();
    assertThat(unsure()).isZero();
    assertThat(spent(budgets)).isEqualTo(145);
  }

  @Test
  void a_recount_goes_on_while_calls_are_under_way_from_before_the_budget() {
    Budgets budgets = budgets();
    long underWay = ledger.open("acme", null, 100, List.of());
    budgets.put(daily(1_000), ACTOR);
    assertThat(spent(budgets)).isEqualTo(100);

    now = now.plus(Duration.ofMinutes(2));
    recount();
    assertThat(unsure()).isOne();
    ledger.settle(underWay, 30);
    recount();

    assertThat(unsure()).isZero();
    assertThat(spent(budgets)).isEqualTo(30);
  }

  @Test
  void another_period_or_zone_counts_anew_and_calls_under_way_say_that_theirs_is_gone() {
    Budgets budgets = budgets();
    budgets.put(daily(1_000), ACTOR);
    spend(budgets, ACME, 100);
    List<OpenPeriod> before = budgets.applying(List.of(ACME));

    budgets.put(of(ACME, 1_000, Period.TOTAL, ZoneOffset.UTC, false), ACTOR);
    assertThat(spent(budgets)).isEqualTo(100);
    assertThatThrownBy(() -> ledger.open("acme", null, 1, ids(before)))
        .isInstanceOf(BudgetGoneException.class);

    budgets.put(of(ACME, 1_000, Period.MONTH, BERLIN, false), ACTOR);
    assertThat(spent(budgets)).isEqualTo(100);
    assertThat(standing(budgets, ACME).open().span()).isEqualTo(Period.MONTH.at(now, BERLIN));
  }

  @Test
  void a_budget_of_the_admin_api_stands_in_for_the_configured_one_and_gives_its_place_back() {
    Budgets budgets = budgets(daily(1_000));
    spend(budgets, ACME, 100);
    long underWay = call(budgets, ACME, 50);

    budgets.put(daily(300), ACTOR);
    assertThat(standing(budgets, ACME))
        .extracting(Standing::capNanos, Standing::spentNanos, Standing::reservedNanos)
        .containsExactly(300L, 100L, 50L);
    budgets.delete(ACME, ACTOR);
    assertThat(standing(budgets, ACME).reservedNanos()).isEqualTo(50);
    ledger.settle(underWay, 40);

    assertThat(standing(budgets, ACME))
        .extracting(Standing::capNanos, Standing::spentNanos, Standing::reservedNanos)
        .containsExactly(1_000L, 140L, 0L);
  }

  @Test
  void a_budget_deleted_and_set_again_has_nothing_reserved_by_calls_of_the_old_one() {
    Budgets budgets = budgets();
    budgets.put(daily(1_000), ACTOR);
    long underWay = call(budgets, ACME, 100);
    budgets.delete(ACME, ACTOR);
    budgets.put(daily(1_000), ACTOR);
    assertThat(spent(budgets)).isEqualTo(100);

    ledger.settle(underWay, 60);
    recount();

    assertThat(standing(budgets, ACME))
        .extracting(Standing::spentNanos, Standing::reservedNanos)
        .containsExactly(60L, 0L);
  }

  @Test
  void a_rotated_key_does_not_get_its_budget_twice() {
    Budgets budgets = budgets();
    key("k1");
    budgets.put(of(KEY, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    spend(budgets, KEY, 300);
    long underWay = call(budgets, KEY, 100);

    Subject next = rotate(budgets, "k1", "k2");

    assertThat(standing(budgets, next).spentNanos()).isEqualTo(400);
    spend(budgets, next, 200);
    spend(budgets, KEY, 250);
    ledger.settle(underWay, 50);
    recount();
    assertThat(standing(budgets, next).spentNanos()).isEqualTo(800);
    assertThatThrownBy(() -> call(budgets, KEY, 201)).isInstanceOf(BudgetExceededException.class);
    assertThatThrownBy(() -> call(budgets, next, 201)).isInstanceOf(BudgetExceededException.class);
    spend(budgets, next, 200);
  }

  @Test
  void a_key_that_was_rotated_twice_counts_for_the_last() {
    Budgets budgets = budgets();
    key("k1");
    budgets.put(of(KEY, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    spend(budgets, KEY, 300);
    rotate(budgets, "k1", "k2");
    Subject last = rotate(budgets, "k2", "k3");

    spend(budgets, KEY, 100);

    assertThat(standing(budgets, last).spentNanos()).isEqualTo(400);
  }

  @Test
  void with_a_tenant_go_its_budget_and_those_of_its_keys() {
    Budgets budgets = budgets();
    key("k1");
    budgets.put(daily(1_000), ACTOR);
    budgets.put(of(KEY, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    budgets.standings();

    budgets.forgetTenant("acme");
    budgets.refresh();

    assertThat(budgets.all()).isEmpty();
    assertThat(
            database.jdbc().sql("SELECT count(*) FROM budget_periods").query(Long.class).single())
        .isZero();
  }

  private Instant nextFirst() {
    return now.atZone(ZoneOffset.UTC).withDayOfMonth(1).plusMonths(1).toInstant();
  }

  @Test
  void a_budget_of_a_month_set_over_one_of_days_counts_the_month() {
    now = nextFirst();
    Budgets budgets = budgets();
    budgets.put(daily(1_000), ACTOR);
    spend(budgets, ACME, 100);
    now = now.plus(Duration.ofDays(5));
    spend(budgets, ACME, 900);

    budgets.put(of(ACME, 1_000, Period.MONTH, ZoneOffset.UTC, false), ACTOR);

    assertThat(spent(budgets)).isEqualTo(1_000);
    assertThat(
            database.jdbc().sql("SELECT count(*) FROM budget_periods").query(Long.class).single())
        .isOne();
  }

  @Test
  void a_configured_month_after_configured_days_counts_the_month() {
    now = nextFirst();
    Budgets before = budgets(daily(1_000));
    spend(before, ACME, 100);
    now = now.plus(Duration.ofDays(5));
    spend(before, ACME, 900);

    Budgets after = budgets(of(ACME, 1_000, Period.MONTH, ZoneOffset.UTC, false));

    assertThat(spent(after)).isEqualTo(1_000);
  }

  @Test
  void configured_days_after_a_configured_month_count_what_the_month_counted_today() {
    now = nextFirst();
    Budgets before = budgets(of(ACME, 1_000, Period.MONTH, ZoneOffset.UTC, false));
    spend(before, ACME, 100);
    now = now.plus(Duration.ofDays(5));
    spend(before, ACME, 300);

    assertThat(spent(budgets(daily(1_000)))).isEqualTo(300);
  }

  @Test
  void a_key_in_place_of_a_revoked_one_keeps_what_that_spent() {
    Budgets budgets = budgets();
    key("k1");
    budgets.put(of(KEY, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    spend(budgets, KEY, 900);
    Subject next = rotate(budgets, "k1", "k2");

    revoke(budgets, "k1");
    recount();

    assertThat(standing(budgets, next).spentNanos()).isEqualTo(900);
    budgets.put(of(next, 1_000, Period.MONTH, ZoneOffset.UTC, false), ACTOR);
    assertThat(standing(budgets, next).spentNanos()).isEqualTo(900);
  }

  @Test
  void a_key_counts_for_the_last_one_though_the_one_between_is_revoked() {
    Budgets budgets = budgets();
    key("k1");
    budgets.put(of(KEY, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    rotate(budgets, "k1", "k2");
    Subject last = rotate(budgets, "k2", "k3");
    revoke(budgets, "k2");

    spend(budgets, KEY, 300);

    assertThat(standing(budgets, last).spentNanos()).isEqualTo(300);
  }

  @Test
  void calls_that_came_over_the_border_of_a_period_while_the_database_was_away_count() {
    Budgets budgets = budgets(daily(1_000));
    spend(budgets, ACME, 1);
    now = now.plus(Duration.ofDays(1));
    // Another replica, which does not know of the new period.
    long first = ledger.open("acme", null, 900, List.of());
    assertThat(spent(budgets)).isEqualTo(900);
    ledger.settle(first, 100);
    ledger.settle(ledger.open("acme", null, 5_000, List.of()), 5_000);

    recount();

    assertThat(spent(budgets)).isEqualTo(5_100);
  }

  @Test
  void a_call_that_waited_over_the_border_counts_once() {
    Budgets budgets = budgets(daily(1_000));
    List<Long> before = ids(budgets.applying(List.of(ACME)));
    now = noon.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1)).plusSeconds(2);
    ledger.settle(ledger.open("acme", null, 70, before), 70);
    spend(budgets, ACME, 5);

    recount();
    assertThat(spent(budgets)).isEqualTo(5);
    now = now.plus(Duration.ofMinutes(2));
    recount();

    assertThat(spent(budgets)).isEqualTo(5);
    assertThat(unsure()).isZero();
  }

  @Test
  void a_configured_budget_counts_what_was_spent_while_it_was_not_configured() {
    spend(budgets(daily(1_000)), ACME, 100);
    now = now.plus(Duration.ofMinutes(2));
    recount();
    assertThat(unsure()).isZero();
    now = now.plus(Duration.ofHours(3));
    ledger.settle(ledger.open("acme", null, 300, List.of()), 300);
    now = now.plus(Duration.ofHours(3));

    Budgets again = budgets(daily(1_000));
    spend(again, ACME, 7);
    recount();

    assertThat(spent(again)).isEqualTo(407);
    now = now.plus(Duration.ofMinutes(2));
    recount();
    assertThat(spent(again)).isEqualTo(407);
    assertThat(unsure()).isZero();
  }

  @Test
  void what_a_call_of_a_replaced_key_counts_for_is_known_while_the_database_is_away() {
    Budgets budgets = budgets();
    key("k1");
    rotate(budgets, "k1", "k2");
    Subject next = new Subject(Scope.KEY, "k2");
    budgets.put(of(next, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    List<OpenPeriod> applying = budgets.applying(List.of(KEY));

    assertThat(budgets.known(List.of(KEY))).isEqualTo(applying).hasSize(1);
    assertThat(budgets.hard(List.of(KEY))).isTrue();
  }

  @Test
  void a_period_begins_with_the_hours_sums_and_the_rows_at_their_ends() {
    now = noon.plus(Duration.ofMinutes(90));
    ledger.settle(ledger.open("acme", null, 100, List.of()), 100);
    ledger.open("acme", null, 20, List.of());
    now = noon.plus(Duration.ofMinutes(270));
    ledger.settle(ledger.open("acme", null, 3, List.of()), 3);
    ledger.settle(ledger.open("other", null, 7, List.of()), 7);
    database.jdbc().sql("UPDATE usage_hours SET cost_nanos = cost_nanos + 1000").update();
    now = noon.plus(Duration.ofMinutes(301));

    Budgets budgets = budgets(daily(10_000));

    // The last hour is no whole one.
    assertThat(spent(budgets)).isEqualTo(1_123);
  }

  @Test
  void a_tenants_periods_are_locked_in_the_order_of_their_ids() throws Exception {
    Budgets budgets = budgets();
    key("k1");
    budgets.put(daily(1_000), ACTOR);
    long first = standing(budgets, ACME).open().id();
    budgets.put(of(KEY, 1_000, Period.DAY, ZoneOffset.UTC, false), ACTOR);
    long second = standing(budgets, KEY).open().id();
    TransactionTemplate transaction =
        new TransactionTemplate(new DataSourceTransactionManager(database.pool));
    Thread forgets;
    try (Connection settles = database.pool.getConnection()) {
      settles.setAutoCommit(false);
      lock(settles, first, "");
      forgets =
          Thread.ofPlatform()
              .start(
                  () -> transaction.executeWithoutResult(status -> budgets.forgetTenant("acme")));
      await()
          .during(Duration.ofMillis(300))
          .atMost(Duration.ofSeconds(2))
          .until(() -> free(second));
      settles.rollback();
    }
    assertThat(forgets.join(Duration.ofSeconds(5))).isTrue();
    assertThat(budgets.standing(KEY)).isNull();
  }

  private boolean free(long period) throws SQLException {
    try (Connection other = database.pool.getConnection()) {
      other.setAutoCommit(false);
      lock(other, period, " NOWAIT");
      other.rollback();
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static void lock(Connection connection, long period, String how) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT id FROM budget_periods WHERE id = " + period + " FOR UPDATE" + how);
    }
  }

  @Test
  void periods_that_ended_more_than_400_days_ago_are_deleted() {
    Budgets budgets = budgets(daily(1_000));
    spend(budgets, ACME, 1);
    now = now.plus(Duration.ofDays(402));
    spend(budgets, ACME, 2);

    new PeriodStore(database.jdbc(), ledger.spentSoFar()).purge(now);

    assertThat(
            database.jdbc().sql("SELECT spent_nanos FROM budget_periods").query(Long.class).list())
        .containsExactly(2L);
  }

  private void revoke(Budgets budgets, String key) {
    database.jdbc().sql("DELETE FROM gateway_keys WHERE id = ?").param(key).update();
    budgets.forgetKey(key);
    budgets.refresh();
  }

  private Subject rotate(Budgets budgets, String from, String to) {
    key(to);
    database
        .jdbc()
        .sql("UPDATE gateway_keys SET replaced_by = ? WHERE id = ?")
        .params(to, from)
        .update();
    budgets.copyKey(from, to);
    budgets.refresh();
    return new Subject(Scope.KEY, to);
  }

  private void key(String id) {
    if (id.equals("k1")) {
      database
          .jdbc()
          .sql(
              "INSERT INTO tenants (id, name, tier, created_at, updated_at) VALUES ('acme', 'Acme',"
                  + " 'trial', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
          .update();
    }
    database
        .jdbc()
        .sql(
            "INSERT INTO gateway_keys (id, tenant_id, name, hash, prefix, allowed,"
                + " created_at) VALUES (?, 'acme', 'ci', ?, 'p', '', CURRENT_TIMESTAMP)")
        .params(id, "hash of " + id)
        .update();
  }

  private void recount() {
    new PeriodStore(database.jdbc(), ledger.spentSoFar()).recount(now);
  }

  private long unsure() {
    return database
        .jdbc()
        .sql("SELECT count(*) FROM budget_periods WHERE recount_until IS NOT NULL")
        .query(Long.class)
        .single();
  }
}
