package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.Beside;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What becomes of calls while the database is away, on every database. */
@Beside
abstract class AwayContract {
  private static final int SEGMENT = 64 << 10;
  private static final long PERIOD = 7;

  @TempDir Path folder;
  TestDatabase database;
  GatedDataSource gated;
  JdbcClient jdbc;
  private final List<Ledger> started = new ArrayList<>();
  private int homes;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    gated = new GatedDataSource(database.pool);
    jdbc = JdbcClient.create(database.pool);
    jdbc.sql(
            "INSERT INTO budget_periods (id, scope, subject, starts_at, hard, limit_nanos,"
                + " carried_nanos, spent_nanos, reserved_nanos)"
                + " VALUES (?, 'tenant', 'acme', CURRENT_TIMESTAMP, TRUE, 1500, 0, 0, 0)")
        .param(PERIOD)
        .update();
  }

  @AfterEach
  void close() {
    gated.away = false;
    gated.reopen();
    started.forEach(Ledger::stop);
    database.close();
  }

  @Test
  void calls_go_on_without_a_wait_and_their_rows_are_settled_when_the_database_is_back() {
    Ledger ledger = start(FailClosed.NEVER);
    gated.away = true;
    long first = openOne(ledger);
    long began = System.nanoTime();
    List<Long> others = Stream.generate(() -> openOne(ledger)).limit(600).toList();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    ledger.settled(Rows.settled(first));
    assertThatThrownBy(() -> ledger.write(List.of(Rows.settled(first))))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(ledger.stats().away()).isTrue();
    assertThat(ledger.stats().awayRows()).isEqualTo(601);

    gated.away = false;

    await().until(() -> count("settled") == 1 && count("open") == others.size());
    await().until(() -> !ledger.stats().away() && ledger.stats().unwritten() == 0);
    assertThat(ledger.stats().awayRows()).isZero();
    others.forEach(id -> ledger.settled(Rows.settled(id)));
    ledger.tidy();
    assertThat(count("settled")).isEqualTo(601);
    assertThat(ledger.stats().open()).isZero();
  }

  @Test
  void refuses_every_call_unless_told_otherwise() {
    Ledger ledger = start(FailClosed.ALWAYS);
    gated.away = true;

    assertThatThrownBy(() -> ledger.open(Rows.open(ledger.nextId()), false))
        .isInstanceOf(LedgerUnavailableException.class);

    assertThat(ledger.goesOnWithout(false)).isFalse();
    assertThat(ledger.stats().awayRows()).isZero();
  }

  @Test
  void refuses_those_calls_that_a_hard_budget_applies_to() {
    Ledger ledger = start(FailClosed.HARD_BUDGETS);
    gated.away = true;

    ledger.open(Rows.open(ledger.nextId()), false);

    assertThatThrownBy(() -> ledger.open(Rows.open(ledger.nextId()), true))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(ledger.stats().awayRows()).isOne();
  }

  @Test
  void estimates_are_reserved_when_it_is_back_even_over_the_cap_and_spent_once() {
    Ledger ledger = start(FailClosed.NEVER);
    gated.away = true;
    long settled = reserveOne(ledger);
    long open = reserveOne(ledger);
    ledger.settled(Rows.settled(settled));
    gated.away = false;

    await().until(() -> !ledger.stats().away());
    ledger.tidy();

    assertBudget(737_500, 1_000);
    assertThatThrownBy(() -> reserveOne(ledger)).isInstanceOf(BudgetExceededException.class);
    ledger.write(List.of(Settlement.notSent(open, null, Clock.systemUTC().instant())));
    assertBudget(737_500, 0);
  }

  @Test
  void a_settlement_that_is_written_first_brings_its_row() {
    Ledger ledger = start(FailClosed.NEVER);
    gated.away = true;
    long id = reserveOne(ledger);
    gated.shut();
    gated.away = false;

    ledger.write(List.of(Rows.settled(id)));

    assertThat(row(id)).containsEntry("state", "settled");
    assertBudget(737_500, 0);
    gated.reopen();
    await().until(() -> !ledger.stats().away());
    assertThat(jdbc.sql("SELECT count(*) FROM llm_usage").query(Long.class).single()).isOne();
    assertBudget(737_500, 0);
  }

  @Test
  void a_row_whose_commit_did_happen_is_neither_lost_nor_counted_twice() {
    Ledger ledger = start(FailClosed.NEVER);
    gated.breakage = GatedDataSource.Breakage.AFTER_COMMIT;
    long id = reserveOne(ledger);
    assertThat(count("open")).isOne();

    await().until(() -> !ledger.stats().away() && ledger.stats().awayRows() == 0);
    assertBudget(0, 1_000);
    ledger.write(List.of(Rows.settled(id)));

    assertThat(count("settled")).isOne();
    assertBudget(737_500, 0);
  }

  @Test
  void a_call_that_waited_too_long_goes_on_and_stays_open() {
    Ledger ledger = start(FailClosed.NEVER, 1 << 20, 100, Duration.ofMillis(100), home());
    gated.shut();
    long id = reserveOne(ledger);
    assertThat(ledger.stats().awayRows()).isOne();
    gated.reopen();

    await().until(() -> ledger.stats().awayRows() == 0 && !ledger.stats().away());

    assertThat(row(id)).containsEntry("state", "open");
    assertBudget(0, 1_000);
    ledger.write(List.of(Rows.settled(id)));
    assertBudget(737_500, 0);
  }

  @Test
  void a_crash_while_it_is_away_loses_no_row_and_makes_none_twice() throws IOException {
    Path home = home();
    Ledger crashed = start(FailClosed.NEVER, 10 << 20, 100, Duration.ofSeconds(20), home);
    long before = reserveOne(crashed);
    gated.away = true;
    List<Long> ended = Stream.generate(() -> openOne(crashed)).limit(700).toList();
    long early = reserveOne(crashed);
    long cut = reserveOne(crashed);
    crashed.settled(Rows.settled(before));
    ended.forEach(id -> crashed.settled(Rows.settled(id)));
    crashed.settled(Rows.settled(early));
    Path copy = copy(home);
    Path again = copy(home);
    jdbc.sql("DELETE FROM replicas").update();

    restart(copy);

    assertThat(count("settled")).isEqualTo(702);
    assertThat(row(cut))
        .containsEntry("state", "unsettled")
        .containsEntry("cost_nanos", 1_000L)
        .containsEntry("cost_state", "estimated")
        .containsEntry("output_tokens", 80L);
    assertBudget(2 * 737_500 + 1_000, 0);

    restart(again);

    assertThat(count("settled")).isEqualTo(702);
    assertThat(count("unsettled")).isOne();
    assertBudget(2 * 737_500 + 1_000, 0);
  }

  @Test
  void calls_are_refused_when_the_journal_has_its_size() {
    Ledger ledger = start(FailClosed.NEVER, 2 * SEGMENT, 100, Duration.ofSeconds(20), home());
    gated.away = true;
    int kept = 0;
    try {
      for (; kept < 10_000; kept++) {
        openOne(ledger);
      }
    } catch (LedgerUnavailableException e) {
      assertThat(e).hasMessage("the journal has no room for more rows");
    }
    assertThat(kept).isBetween(SEGMENT / 300, 2 * SEGMENT / 100);
    assertThat(ledger.stats().open()).isEqualTo(kept);

    gated.away = false;
    int rows = kept;

    await().until(() -> count("open") == rows && !ledger.stats().away());
    ledger.tidy();
    assertThat(ledger.stats().open()).isEqualTo(rows);
  }

  @Test
  void calls_are_refused_while_too_many_settlements_wait_for_a_slow_database() throws Exception {
    Ledger ledger = start(FailClosed.NEVER, 1 << 20, 20, Duration.ofSeconds(20), home());
    List<Long> ids = Stream.generate(() -> openOne(ledger)).limit(25).toList();
    gated.shut();
    List<Settlement> settlements = ids.stream().map(Rows::settled).toList();
    settlements.forEach(ledger::settled);
    assertThat(ledger.stats().unwritten()).isEqualTo(25);
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      callers
          .submit(
              () ->
                  assertThatThrownBy(() -> openOne(ledger))
                      .hasMessage("too many settlements wait for the database"))
          .get();
    }
    gated.reopen();
    ledger.write(settlements);

    openOne(ledger);

    assertThat(count("settled")).isEqualTo(25);
  }

  /** A ledger that nobody is told of, as after the loss of its place among the replicas. */
  @Test
  void rows_that_were_brought_are_found_when_their_replica_dies_after_it_lost_its_number() {
    Ledger ledger = start(FailClosed.NEVER);
    gated.away = true;
    long id = reserveOne(ledger);
    jdbc.sql("DELETE FROM replicas").update();
    gated.away = false;
    await().until(() -> !ledger.stats().away());
    assertThat(row(id)).containsEntry("state", "open");
    expireLeases();

    start(FailClosed.NEVER).tidy();

    assertThat(row(id)).containsEntry("state", "unsettled");
    assertBudget(1_000, 0);
    ledger.write(List.of(Rows.settled(id)));
    assertThat(row(id)).containsEntry("state", "settled");
    assertBudget(737_500, 0);
  }

  @Test
  void a_lease_that_lapsed_charges_nobody_twice() {
    Ledger ledger = start(FailClosed.NEVER);
    long inDatabase = reserveOne(ledger);
    gated.away = true;
    long inJournal = openOne(ledger);
    ledger.settled(Rows.settled(inDatabase));
    expireLeases();
    Ledger other = elsewhere(home());
    started.add(other);
    assertThat(row(inDatabase)).containsEntry("state", "unsettled");
    assertBudget(1_000, 0);
    gated.away = false;

    await().until(() -> !ledger.stats().away() && ledger.stats().unwritten() == 0);

    assertThat(row(inDatabase)).containsEntry("state", "settled");
    assertBudget(737_500, 0);
    if (!database.exclusive) {
      other.tidy();
      assertThat(row(inJournal)).containsEntry("state", "open");
    }
  }

  private long openOne(Ledger ledger) {
    long id = ledger.nextId();
    ledger.open(Rows.open(id));
    return id;
  }

  private long reserveOne(Ledger ledger) {
    long id = ledger.nextId();
    Reservation reservation = Reservation.in(List.of(PERIOD));
    ledger.open(Rows.open(id, "acme", "gpt-4o", Rows.ESTIMATE, reservation));
    return id;
  }

  private Ledger start(FailClosed failClosed) {
    return start(failClosed, 10 << 20, 1000, Duration.ofSeconds(20), home());
  }

  private Ledger start(
      FailClosed failClosed, long awayBytes, int mostUnwritten, Duration openTimeout, Path home) {
    Ledger fresh = ledger(gated, failClosed, awayBytes, mostUnwritten, openTimeout, home);
    fresh.start();
    started.add(fresh);
    return fresh;
  }

  private void restart(Path home) {
    elsewhere(home).stop();
  }

  /** One for which the database is there. */
  private Ledger elsewhere(Path home) {
    GatedDataSource reachable = new GatedDataSource(database.pool);
    Ledger other = ledger(reachable, FailClosed.NEVER, 1 << 20, 100, Duration.ofSeconds(9), home);
    other.start();
    return other;
  }

  private Ledger ledger(
      GatedDataSource source,
      FailClosed failClosed,
      long awayBytes,
      int mostUnwritten,
      Duration openTimeout,
      Path home) {
    LedgerSettings settings =
        new LedgerSettings(
            100,
            Duration.ZERO,
            50,
            openTimeout,
            Duration.ofHours(2),
            Duration.ofMillis(300),
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ofMillis(20),
            SEGMENT);
    return new Ledger(
        source,
        home,
        settings,
        new OutageSettings(failClosed, awayBytes, mostUnwritten),
        OutboxRows.NONE,
        Clock.systemUTC(),
        database.exclusive);
  }

  private Path home() {
    return folder.resolve("home" + ++homes);
  }

  private void expireLeases() {
    jdbc.sql("UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '1' MINUTE").update();
  }

  private Map<String, Object> row(long id) {
    return jdbc.sql("SELECT * FROM llm_usage WHERE id = ?").param(id).query().singleRow();
  }

  private long count(String state) {
    return jdbc.sql("SELECT count(*) FROM llm_usage WHERE state = ?")
        .param(state)
        .query(Long.class)
        .single();
  }

  private void assertBudget(long spent, long reserved) {
    assertThat(
            jdbc.sql("SELECT spent_nanos, reserved_nanos FROM budget_periods WHERE id = ?")
                .param(PERIOD)
                .query()
                .singleRow())
        .containsEntry("spent_nanos", spent)
        .containsEntry("reserved_nanos", reserved);
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
