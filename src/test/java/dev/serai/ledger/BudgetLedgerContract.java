package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Beside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger promises of budgets on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Beside
abstract class BudgetLedgerContract {

  /** How a budget period stands. */
  record Stand(long spent, long reserved) {}

  /** Nothing is renewed, swept or written again by itself. */
  private static final LedgerSettings SETTINGS =
      new LedgerSettings(
          100,
          Duration.ZERO,
          1_000,
          Duration.ofSeconds(20),
          Duration.ofHours(2),
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ZERO,
          Duration.ofMillis(20),
          64 << 10);

  @TempDir static Path databases;
  @TempDir Path folder;
  TestDatabase database;
  GatedDataSource gated;
  JdbcClient jdbc;
  Ledger ledger;
  private final List<Ledger> started = new ArrayList<>();
  private int homes;
  private int periods;

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
    gated = new GatedDataSource(database.pool);
    jdbc = JdbcClient.create(database.pool);
    ledger = start(home());
  }

  @AfterEach
  void close() {
    gated.reopen();
    started.forEach(Ledger::stop);
    started.clear();
    jdbc.sql("DELETE FROM llm_usage").update();
    jdbc.sql("DELETE FROM budget_periods").update();
    jdbc.sql("DELETE FROM replicas").update();
  }

  @Test
  void reserves_up_to_the_cap_and_not_a_nano_dollar_more() {
    long period = period(3_000, true);
    open(1_000, period);
    open(2_000, period);

    assertThatThrownBy(() -> open(1, period))
        .isInstanceOfSatisfying(
            BudgetExceededException.class,
            e -> assertThat(e.refusal()).isEqualTo(new BudgetRefusal(period, 3_000, 0, 3_000, 1)));

    assertThat(stand(period)).isEqualTo(new Stand(0, 3_000));
    assertThat(rows()).isEqualTo(2);
    assertThat(ledger.stats().open()).isEqualTo(2);
  }

  @Test
  void what_was_carried_over_may_be_spent_too() {
    long period = period(1_000, true);
    jdbc.sql("UPDATE budget_periods SET carried_nanos = 500").update();

    open(1_500, period);

    assertThat(stand(period)).isEqualTo(new Stand(0, 1_500));
  }

  @Test
  void of_a_transaction_that_does_not_fit_those_that_came_first_are_stored() throws Exception {
    long tight = period(2_500, true);
    long wide = period(1_000_000, true);
    List<Future<Long>> calls = new ArrayList<>();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      gated.shut();
      callers.execute(() -> open(1));
      await().until(() -> gated.held.get() == 1);
      long[] estimates = {1_000, 2_000, 1_500, 1};
      for (long estimate : estimates) {
        int before = calls.size();
        calls.add(callers.submit(() -> open(estimate, tight, wide)));
        await().until(() -> ledger.stats().waiting() == before + 1);
      }
      calls.add(callers.submit(() -> open(7, wide)));
      await().until(() -> ledger.stats().waiting() == 5);
      gated.reopen();
    }

    assertThat(calls)
        .extracting(Future::state)
        .containsExactly(
            Future.State.SUCCESS,
            Future.State.FAILED,
            Future.State.SUCCESS,
            Future.State.FAILED,
            Future.State.SUCCESS);
    assertThat(stand(tight)).isEqualTo(new Stand(0, 2_500));
    assertThat(stand(wide)).isEqualTo(new Stand(0, 2_507));
    assertThat(ledger.stats().commits()).isEqualTo(2);
  }

  @Test
  void a_call_that_one_of_its_budgets_refuses_takes_nothing_of_the_others() {
    long wide = period(10_000, true);
    long tight = period(999, true);

    assertThatThrownBy(() -> open(1_000, wide, tight)).isInstanceOf(BudgetExceededException.class);

    assertThat(stand(wide)).isEqualTo(new Stand(0, 0));
    assertThat(rows()).isZero();
  }

  @Test
  void a_soft_budget_is_exceeded_and_keeps_count() {
    long soft = period(100, false);

    settle(open(1_000, soft), RowState.SETTLED, 700L);
    open(1_000, soft);

    assertThat(stand(soft)).isEqualTo(new Stand(700, 1_000));
  }

  @Test
  void a_budget_that_is_gone_is_said_and_nothing_stored() {
    long there = period(1_000, true);

    assertThatThrownBy(() -> open(1, there, 4711)).isInstanceOf(BudgetGoneException.class);

    assertThat(stand(there)).isEqualTo(new Stand(0, 0));
    assertThat(rows()).isZero();
  }

  @Test
  void a_settlement_turns_what_was_reserved_into_what_it_cost() {
    long period = period(100_000, true);
    settle(open(1_000, period), RowState.SETTLED, 400L);
    settle(open(1_000, period), RowState.SETTLED, 1_300L);
    settle(open(1_000, period), RowState.FAILED, 0L);
    settle(open(1_000, period), RowState.FAILED, 50L);
    settle(open(1_000, period), RowState.SETTLED, null);
    ledger.write(List.of(Settlement.notSent(open(1_000, period), null, now())));
    open(1_000, period);

    assertThat(stand(period)).isEqualTo(new Stand(1_750, 1_000));
    assertThat(sumOfRows()).isEqualTo(1_750);
  }

  @Test
  void settled_twice_is_spent_once() {
    long period = period(100_000, true);
    long id = open(1_000, period);
    Settlement settlement = settlement(id, RowState.SETTLED, 400L);

    ledger.write(List.of(settlement, settlement));
    ledger.write(List.of(settlement(id, RowState.SETTLED, 900L)));

    assertThat(stand(period)).isEqualTo(new Stand(400, 0));
  }

  @Test
  void a_row_of_another_process_is_settled_by_what_it_says_itself() {
    long period = period(100_000, true);
    long id = open(1_000, period);
    Ledger other = database.exclusive ? ledger : start(home());

    other.write(List.of(settlement(id, RowState.SETTLED, 400L)));

    assertThat(stand(period)).isEqualTo(new Stand(400, 0));
  }

  @Test
  void a_settlement_that_does_not_fit_spends_what_was_reserved() {
    long period = period(100_000, true);
    settle(open(1_000, period), RowState.SETTLED, 400L);
    long unsettled = unsettledHours();
    long id = open(1_000, period);

    settle(id, RowState.SETTLED, Long.MAX_VALUE);

    assertThat(stand(period)).isEqualTo(new Stand(1_400, 0));
    assertThat(sumOfRows()).isEqualTo(1_400);
    assertThat(unsettledHours()).isEqualTo(unsettled + 1_000);
    settle(id, RowState.SETTLED, 300L);
    assertThat(stand(period)).isEqualTo(new Stand(700, 0));
    settle(id, RowState.SETTLED, Long.MAX_VALUE);
    assertThat(stand(period)).isEqualTo(new Stand(700, 0));
  }

  private long unsettledHours() {
    return jdbc.sql("SELECT COALESCE(sum(unsettled_nanos), 0) FROM usage_hours")
        .query(Long.class)
        .single();
  }

  @Test
  void what_a_dead_replica_had_reserved_is_spent_once() {
    long period = period(100_000, true);
    open(1_000, period);
    open(500, period);
    expireLeases();
    Ledger other = start(home());

    other.tidy();

    assertThat(stand(period)).isEqualTo(new Stand(1_500, 0));
    assertThat(sumOfRows()).isEqualTo(1_500);
  }

  @Test
  void a_settlement_after_the_sweep_corrects_what_was_spent() {
    long period = period(100_000, true);
    long cheaper = open(1_000, period);
    long dearer = open(1_000, period);
    long neverSent = open(1_000, period);
    expireLeases();
    start(home());
    assertThat(stand(period)).isEqualTo(new Stand(3_000, 0));

    settle(cheaper, RowState.SETTLED, 300L);
    settle(dearer, RowState.SETTLED, 1_100L);
    ledger.write(List.of(Settlement.notSent(neverSent, null, now())));
    settle(cheaper, RowState.SETTLED, 300L);

    assertThat(stand(period)).isEqualTo(new Stand(1_400, 0));
    assertThat(sumOfRows()).isEqualTo(1_400);
  }

  @Test
  void the_journal_of_a_crash_is_booked_once() throws IOException {
    long period = period(100_000, true);
    Path crashed = home();
    Ledger before = start(crashed);
    for (int i = 0; i < 20; i++) {
      long id = open(before, 1_000, period);
      Settlement settlement = settlement(id, RowState.SETTLED, 100L);
      before.settled(settlement);
      if (i < 5) {
        before.write(List.of(settlement));
      }
    }
    expireLeases();
    Path one = copy(crashed);

    start(one);

    assertThat(stand(period)).isEqualTo(new Stand(2_000, 0));
  }

  @Test
  void a_reservation_of_a_budget_that_was_deleted_meanwhile_is_dropped() {
    long kept = period(10_000, true);
    long deleted = period(10_000, true);
    long id = open(1_000, kept, deleted);
    jdbc.sql("DELETE FROM budget_periods WHERE id = ?").param(deleted).update();
    long anew = period(10_000, true);

    settle(id, RowState.SETTLED, 10L);

    assertThat(stand(kept)).isEqualTo(new Stand(10, 0));
    assertThat(stand(anew)).isEqualTo(new Stand(0, 0));
  }

  @Test
  void a_commit_of_which_nothing_was_heard_holds_its_reservation_until_it_is_closed() {
    long period = period(10_000, true);
    gated.breakage = GatedDataSource.Breakage.AFTER_COMMIT;
    assertThatThrownBy(() -> open(1_000, period)).isInstanceOf(LedgerUnavailableException.class);
    assertThat(stand(period)).isEqualTo(new Stand(0, 1_000));
    await().until(() -> ledger.stats().unwritten() == 1);

    ledger.tidy();

    assertThat(stand(period)).isEqualTo(new Stand(0, 0));
  }

  @Test
  void a_connection_that_breaks_before_the_commit_reserves_nothing() {
    long period = period(10_000, true);
    gated.breakage = GatedDataSource.Breakage.BEFORE_COMMIT;
    assertThatThrownBy(() -> open(1_000, period)).isInstanceOf(LedgerUnavailableException.class);

    open(10, period);

    assertThat(stand(period)).isEqualTo(new Stand(0, 10));
  }

  @Test
  void a_full_disk_while_the_database_is_away_does_not_end_the_writer() throws IOException {
    Path home = home();
    Ledger full = start(home);
    try (Stream<Path> files = Files.list(home)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(home);
    fill(full, () -> settlement(full.nextId(), RowState.SETTLED, 1L));
    fill(full, () -> Settlement.notSent(full.nextId(), "ledger_unavailable", now()));
    gated.away = true;
    assertThatThrownBy(() -> open(full, 1)).isInstanceOf(LedgerUnavailableException.class);
    await().until(() -> gated.refused.get() > 0);
    gated.away = false;

    open(full, 1);
    full.tidy();

    assertThat(full.stats().commits()).isOne();
    assertThat(full.stats().open()).isOne();
  }

  /** Until the journal takes no more of them. */
  private static void fill(Ledger full, Supplier<Settlement> settlements) {
    int before;
    do {
      before = full.stats().unwritten();
      full.settled(settlements.get());
    } while (full.stats().unwritten() > before);
  }

  @Test
  void whatever_goes_wrong_with_a_lost_row_the_writer_goes_on() throws SQLException {
    Lease lease =
        new Lease() {
          @Override
          public void renew(Connection connection) {}

          @Override
          public void broken() {}
        };
    Lost lost =
        new Lost() {
          @Override
          public void neverStored(long id) {}

          @Override
          public void maybeStored(long id) {
            throw new IllegalStateException("nobody expected this");
          }
        };
    GroupCommit writer = new GroupCommit(gated, SETTINGS, lease);
    writer.start();
    try {
      gated.breakage = GatedDataSource.Breakage.AFTER_COMMIT;
      assertThatThrownBy(() -> writer.store(Rows.open(ledger.nextId()), lost))
          .isInstanceOf(LedgerUnavailableException.class);

      writer.store(Rows.open(ledger.nextId()), lost);

      assertThat(writer.rows()).isOne();
    } finally {
      writer.stop(Duration.ofSeconds(5));
    }
  }

  /** Rows that are inserted first have to be taken back. */
  @Test
  void where_calls_are_refused_the_budgets_are_asked_before_rows_are_inserted() {
    long period = period(10, true);
    assertThatThrownBy(() -> open(1_000, period)).isInstanceOf(BudgetExceededException.class);
    int before = gated.rollbacks.get();

    for (int i = 0; i < 5; i++) {
      assertThatThrownBy(() -> open(1_000, period)).isInstanceOf(BudgetExceededException.class);
    }

    assertThat(gated.rollbacks.get() - before).isEqualTo(5);
    open(10, period);
    assertThat(stand(period)).isEqualTo(new Stand(0, 10));
  }

  /** Two who each hold what the other wants: one of them comes again, and no call is refused. */
  @Test
  void a_deadlock_refuses_no_call() throws Exception {
    long low = period(1_000_000, true);
    long high = period(1_000_000, true);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
        Connection rival = database.pool.getConnection()) {
      rival.setAutoCommit(false);
      touch(rival, high);
      Future<Long> call = callers.submit(() -> open(1_000, low, high));
      await().until(() -> locked(low));
      Future<Boolean> crossing =
          callers.submit(
              () -> {
                try {
                  touch(rival, low);
                  rival.commit();
                  return true;
                } catch (SQLException e) {
                  rival.rollback();
                  return false;
                }
              });

      call.get();
      crossing.get();
    }
    assertThat(stand(low)).isEqualTo(new Stand(0, 1_000));
    assertThat(stand(high)).isEqualTo(new Stand(0, 1_000));
  }

  @Test
  void many_threads_never_exceed_the_cap_and_what_is_left_adds_up() throws Exception {
    long all = period(100_000, true);
    long some = period(40_000, true);
    List<Ledger> ledgers = database.exclusive ? List.of(ledger) : List.of(ledger, start(home()));
    List<Future<Integer>> callers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64 * ledgers.size(); i++) {
        Ledger mine = ledgers.get(i % ledgers.size());
        long[] of = i % 3 == 0 ? new long[] {all, some} : new long[] {all};
        callers.add(threads.submit(() -> use(mine, of)));
      }
      while (callers.stream().anyMatch(caller -> !caller.isDone())) {
        assertWithin(all, 100_000);
        assertWithin(some, 40_000);
      }
    }
    for (Future<Integer> caller : callers) {
      caller.get();
    }

    assertThat(stand(all)).isEqualTo(new Stand(sumOfRows(), 0));
    assertThat(sumOfRows()).isBetween(95_000L, 100_000L);
    assertThat(stand(some).reserved()).isZero();
    assertThat(stand(some).spent()).isEqualTo(sumOfRows("%," + some));
  }

  /** Calls until there is no room; returns how many fitted. */
  private int use(Ledger mine, long... of) {
    for (int calls = 0; ; calls++) {
      long estimate = ThreadLocalRandom.current().nextLong(100, 1_000);
      try {
        long id = open(mine, estimate, of);
        RowState end = calls % 7 == 0 ? RowState.FAILED : RowState.SETTLED;
        mine.write(List.of(settlement(id, end, estimate / 2)));
      } catch (BudgetExceededException e) {
        if (!e.refusal().mayFitSoon()) {
          return calls;
        }
      }
    }
  }

  private void assertWithin(long period, long cap) {
    Stand stand = stand(period);
    assertThat(stand.spent() + stand.reserved()).isLessThanOrEqualTo(cap);
    assertThat(stand.reserved()).isNotNegative();
  }

  private static void touch(Connection connection, long period) throws SQLException {
    try (var update =
        connection.prepareStatement(
            "UPDATE budget_periods SET carried_nanos = carried_nanos WHERE id = ?")) {
      update.setLong(1, period);
      update.executeUpdate();
    }
  }

  private boolean locked(long period) {
    return jdbc.sql("SELECT id FROM budget_periods WHERE id = ? FOR UPDATE SKIP LOCKED")
        .param(period)
        .query(Long.class)
        .optional()
        .isEmpty();
  }

  final long period(long limit, boolean hard) {
    String subject = "s" + ++periods;
    jdbc.sql(
            "INSERT INTO budget_periods (id, scope, subject, starts_at, hard, limit_nanos,"
                + " carried_nanos, spent_nanos, reserved_nanos) VALUES"
                + " (nextval('budget_period_numbers'), 'tenant', ?, CURRENT_TIMESTAMP, ?, ?, 0, 0,"
                + " 0)")
        .params(subject, hard, limit)
        .update();
    return jdbc.sql("SELECT id FROM budget_periods WHERE subject = ?")
        .param(subject)
        .query(Long.class)
        .single();
  }

  final Stand stand(long period) {
    return jdbc.sql("SELECT spent_nanos, reserved_nanos FROM budget_periods WHERE id = ?")
        .param(period)
        .query((rows, i) -> new Stand(rows.getLong(1), rows.getLong(2)))
        .single();
  }

  final long open(long estimate, long... of) {
    return open(ledger, estimate, of);
  }

  final long open(Ledger at, long estimate, long... of) {
    long id = at.nextId();
    at.open(Rows.open(id, estimate, of));
    return id;
  }

  final void settle(long id, RowState state, @Nullable Long cost) {
    ledger.write(List.of(settlement(id, state, cost)));
  }

  static Settlement settlement(long id, RowState state, @Nullable Long cost) {
    Charge charge =
        cost == null ? Charge.UNPRICED : new Charge(cost, CostState.PRICED, "2025-02", Rows.UNIT);
    return Rows.ended(id, state, charge);
  }

  private static Instant now() {
    return Clock.systemUTC().instant();
  }

  final Ledger start(Path home) {
    Ledger fresh = new Ledger(gated, home, SETTINGS, Clock.systemUTC(), database.exclusive);
    fresh.start();
    started.add(fresh);
    return fresh;
  }

  final Path home() {
    return folder.resolve("home" + ++homes);
  }

  final void expireLeases() {
    jdbc.sql("UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '1' MINUTE").update();
  }

  final long rows() {
    return jdbc.sql("SELECT count(*) FROM llm_usage").query(Long.class).single();
  }

  final long sumOfRows() {
    return sumOfRows("%");
  }

  private long sumOfRows(String budgets) {
    return jdbc.sql("SELECT COALESCE(SUM(cost_nanos), 0) FROM llm_usage WHERE budgets LIKE ?")
        .param(budgets)
        .query(Long.class)
        .single();
  }

  private Path copy(Path from) throws IOException {
    Path to = home();
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Files.copy(file, to.resolve(file.getFileName()));
      }
    }
    return to;
  }
}
