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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What the ledger promises on every database. */
@Beside
abstract class LedgerContract {
  /** Leases are not renewed by themselves, so that a test decides who is dead. */
  static final LedgerSettings SETTINGS =
      new LedgerSettings(
          100,
          Duration.ZERO,
          50,
          Duration.ofSeconds(20),
          Duration.ofHours(2),
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ZERO,
          Duration.ofMillis(20),
          64 << 10);

  @TempDir Path folder;
  TestDatabase database;
  GatedDataSource gated;
  JdbcClient jdbc;
  Ledger ledger;
  private final List<Ledger> started = new ArrayList<>();
  private int homes;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    gated = new GatedDataSource(database.pool);
    jdbc = JdbcClient.create(database.pool);
    ledger = start(SETTINGS, home());
  }

  @AfterEach
  void close() {
    gated.reopen();
    started.forEach(Ledger::stop);
    database.close();
  }

  @Test
  void many_calls_share_a_transaction() throws Exception {
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      gated.shut();
      Future<Long> first = callers.submit(this::openOne);
      await().until(() -> gated.held.get() == 1);
      List<Future<Long>> others =
          IntStream.range(0, 39).mapToObj(i -> callers.submit(this::openOne)).toList();
      await().until(() -> ledger.stats().waiting() == 39);
      gated.reopen();
      first.get();
      for (Future<Long> other : others) {
        other.get();
      }
    }
    assertThat(ledger.stats().rows()).isEqualTo(40);
    assertThat(ledger.stats().commits()).isEqualTo(2);
  }

  @Test
  void a_call_does_not_leave_before_its_row_is_committed() throws Exception {
    gated.shut();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> call = callers.submit(this::openOne);
      await().until(() -> gated.held.get() == 1);
      assertThat(call.isDone()).isFalse();
      assertThat(count("open")).isZero();
      gated.reopen();
      call.get();
    }
    assertThat(count("open")).isOne();
  }

  @Test
  void an_open_row_holds_the_estimate_and_its_price() {
    long id = openOne();

    assertThat(row(id))
        .containsEntry("state", "open")
        .containsEntry("cost_state", "estimated")
        .containsEntry("cost_nanos", null)
        .containsEntry("est_cost_nanos", 1_000L)
        .containsEntry("price_version", "2025-01")
        .containsEntry("price_input_picos", 2_500_000L)
        .containsEntry("replica", RowIds.replicaOf(id));
  }

  @Test
  void one_bad_row_does_not_take_the_others_with_it() throws Exception {
    long twice = openOne();
    gated.shut();
    int before = gated.held.get();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Long> first = callers.submit(this::openOne);
      await().until(() -> gated.held.get() == before + 1);
      Future<Long> good = callers.submit(this::openOne);
      Future<?> bad = callers.submit(() -> ledger.open(Rows.open(twice)));
      Future<Long> alsoGood = callers.submit(this::openOne);
      await().until(() -> ledger.stats().waiting() == 3);
      gated.reopen();
      first.get();
      good.get();
      alsoGood.get();
      assertThatThrownBy(bad::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(LedgerUnavailableException.class)
          .hasMessageContaining("SQL state 23505")
          .hasMessageNotContaining("acme");
    }
    assertThat(count("open")).isEqualTo(4);
  }

  @Test
  void a_lone_bad_row_is_no_outage() {
    long twice = openOne();

    assertThatThrownBy(() -> ledger.open(Rows.open(twice)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("SQL state 23505");

    assertThat(ledger.stats().away()).isFalse();
    openOne();
    assertThat(ledger.stats().commits()).isEqualTo(2);
  }

  @Test
  void connects_again_after_the_connection_broke() {
    gated.breakage = GatedDataSource.Breakage.BEFORE_COMMIT;
    assertThatThrownBy(this::openOne)
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("08006")
        .hasMessageNotContaining("secret");

    long id = openOne();

    assertThat(row(id)).containsEntry("state", "open");
  }

  @Test
  void a_row_whose_commit_may_have_happened_is_closed_as_not_sent() {
    gated.breakage = GatedDataSource.Breakage.AFTER_COMMIT;
    assertThatThrownBy(this::openOne).isInstanceOf(LedgerUnavailableException.class);
    assertThat(count("open")).isOne();

    await()
        .untilAsserted(
            () -> {
              ledger.tidy();
              assertThat(count("not_sent")).isOne();
              assertThat(ledger.stats().open()).isZero();
            });
  }

  @Test
  void who_waits_too_long_is_refused_and_the_row_does_not_stay_open() {
    Ledger hasty = start(settings(Duration.ofMillis(100), Duration.ZERO), home());
    gated.shut();
    assertThatThrownBy(() -> hasty.open(Rows.open(hasty.nextId())))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessageContaining("within 100 ms");
    gated.reopen();

    await()
        .untilAsserted(
            () -> {
              hasty.tidy();
              assertThat(count("open")).isZero();
              assertThat(count("not_sent")).isOne();
            });
  }

  @Test
  void a_lone_row_does_not_wait_for_others() {
    Ledger gathering = start(settings(Duration.ofSeconds(5), Duration.ofHours(1)), home());

    for (int i = 0; i < 3; i++) {
      gathering.open(Rows.open(gathering.nextId()));
    }

    assertThat(gathering.stats().commits()).isEqualTo(3);
  }

  @Test
  void a_full_queue_refuses_at_once() {
    gated.shut();
    try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
      callers.execute(this::openOne);
      await().until(() -> gated.held.get() == 1);
      IntStream.range(0, SETTINGS.queueRows()).forEach(i -> callers.execute(this::openOne));
      await().until(() -> ledger.stats().waiting() == SETTINGS.queueRows());

      assertThatThrownBy(this::openOne)
          .isInstanceOf(LedgerUnavailableException.class)
          .hasMessage("too many rows wait for the ledger");

      gated.reopen();
    }
    assertThat(count("open")).isEqualTo(1 + SETTINGS.queueRows());
  }

  @Test
  void an_interrupted_caller_is_refused_and_stays_interrupted() throws Exception {
    gated.shut();
    List<Boolean> interrupted = new ArrayList<>();
    Thread caller =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    openOne();
                  } catch (LedgerUnavailableException e) {
                    interrupted.add(Thread.currentThread().isInterrupted());
                  }
                });
    await().until(() -> gated.held.get() == 1);

    caller.interrupt();
    caller.join();

    assertThat(interrupted).containsExactly(true);
  }

  @Test
  void a_settlement_completes_its_row() {
    long id = openOne();
    Settlement settlement = Rows.settled(id);
    assertThat(ledger.settled(settlement)).isTrue();
    assertThat(ledger.settled(settlement)).isFalse();

    ledger.write(List.of(settlement));

    assertThat(row(id))
        .containsEntry("state", "settled")
        .containsEntry("input_tokens", 100L)
        .containsEntry("cache_read_tokens", 10L)
        .containsEntry("reasoning_tokens", 7L)
        .containsEntry("cost_nanos", 737_500L)
        .containsEntry("cost_state", "priced")
        .containsEntry("price_version", "2025-02")
        .containsEntry("response_model", "gpt-4o-2024-08-06")
        .containsEntry("first_byte_micros", 12_000L);
    assertThat(ledger.stats().unwritten()).isZero();
    assertThat(ledger.stats().open()).isZero();
  }

  @Test
  void the_first_settlement_wins() {
    long id = openOne();
    ledger.write(List.of(Rows.settled(id)));

    ledger.write(List.of(Settlement.notSent(id, null, Clock.systemUTC().instant())));

    assertThat(row(id)).containsEntry("state", "settled");
  }

  @Test
  void a_settlement_that_does_not_fit_does_not_take_the_others_with_it() {
    jdbc.sql("ALTER TABLE llm_usage ADD CONSTRAINT c CHECK (http_status <> 418)").update();
    long bad = openOne();
    long good = openOne();
    Settlement teapot =
        new Settlement(
            bad,
            RowState.FAILED,
            "refused",
            418,
            null,
            null,
            dev.serai.chat.Usage.NONE,
            Charge.UNPRICED,
            null,
            1,
            Clock.systemUTC().instant());

    ledger.write(List.of(teapot, Rows.settled(good)));

    assertThat(row(good)).containsEntry("state", "settled");
    assertThat(row(bad))
        .containsEntry("state", "unsettled")
        .containsEntry("input_tokens", 120L)
        .containsEntry("output_tokens", 80L)
        .containsEntry("cost_nanos", 1_000L)
        .containsEntry("cost_state", "estimated");
    assertThat(ledger.stats().open()).isZero();
  }

  @Test
  void what_nobody_wrote_the_ledger_writes_itself() {
    long id = openOne();
    ledger.settled(Rows.settled(id));

    ledger.tidy();

    assertThat(row(id)).containsEntry("state", "settled");
  }

  @Test
  void rows_of_a_dead_replica_are_closed_with_the_estimate() {
    long id = openOne();
    long unpriced = ledger.nextId();
    ledger.open(Rows.open(unpriced, "acme", "mystery", Charge.UNPRICED));
    expireLeases();

    start(SETTINGS, home());

    assertThat(row(id))
        .containsEntry("state", "unsettled")
        .containsEntry("input_tokens", 120L)
        .containsEntry("output_tokens", 80L)
        .containsEntry("cost_nanos", 1_000L)
        .containsEntry("cost_state", "estimated");
    assertThat(row(unpriced))
        .containsEntry("state", "unsettled")
        .containsEntry("cost_nanos", null)
        .containsEntry("cost_state", "unpriced");
  }

  @Test
  void a_late_settlement_replaces_the_estimate() {
    long id = openOne();
    expireLeases();
    start(SETTINGS, home());
    assertThat(row(id)).containsEntry("state", "unsettled");

    ledger.write(List.of(Rows.settled(id)));

    assertThat(row(id)).containsEntry("state", "settled").containsEntry("cost_nanos", 737_500L);
  }

  @Test
  void what_was_settled_before_a_crash_is_settled_after_it() throws IOException {
    Path crashed = home();
    Ledger before = start(SETTINGS, crashed);
    List<Long> ids = IntStream.range(0, 700).mapToObj(i -> before.nextId()).toList();
    ids.forEach(id -> before.open(Rows.open(id)));
    ids.forEach(id -> before.settled(Rows.settled(id)));
    expireLeases();

    start(SETTINGS, copy(crashed));

    assertThat(count("settled")).isEqualTo(700);
    assertThat(count("unsettled")).isZero();
  }

  @Test
  void stopping_writes_what_is_left_and_takes_the_replica_away() {
    long id = openOne();
    ledger.settled(Rows.settled(id));

    ledger.stop();

    assertThat(row(id)).containsEntry("state", "settled");
    assertThat(replicas()).isZero();
    assertThatThrownBy(this::openOne).hasMessage("the ledger is closed");
    assertThat(folder.resolve("home1")).isDirectoryNotContaining("glob:**.journal");
  }

  @Test
  void a_stopped_replica_with_open_rows_stays_known() {
    long id = openOne();

    ledger.stop();
    assertThat(replicas()).isOne();
    ledger.settled(Rows.settled(id));

    assertThat(row(id)).containsEntry("state", "settled");
  }

  @Test
  void the_lease_is_renewed_without_traffic() {
    LedgerSettings eager =
        new LedgerSettings(
            100,
            Duration.ZERO,
            50,
            Duration.ofSeconds(20),
            Duration.ofHours(2),
            Duration.ofMillis(50),
            Duration.ofHours(1),
            Duration.ZERO,
            Duration.ofMillis(20),
            64 << 10);
    String id = start(eager, home()).replicaId();
    expireLeases();

    await()
        .until(
            () ->
                jdbc.sql("SELECT count(*) FROM replicas WHERE id = ? AND lease_until > now()")
                        .param(id)
                        .query(Long.class)
                        .single()
                    == 1);
  }

  @Test
  void an_id_that_is_too_old_is_refused() {
    assertThatThrownBy(() -> ledger.open(Rows.open(1)))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessage("the row id is too old");
  }

  @Test
  void a_replica_that_was_taken_for_dead_joins_again() {
    jdbc.sql("DELETE FROM replicas").update();
    gated.breakage = GatedDataSource.Breakage.BEFORE_COMMIT;
    assertThatThrownBy(this::openOne).isInstanceOf(LedgerUnavailableException.class);

    openOne();

    assertThat(replicas()).isOne();
  }

  @Test
  void a_database_without_tables_stops_the_start() {
    jdbc.sql("ALTER TABLE replicas RENAME TO gone").update();

    assertThatThrownBy(() -> start(SETTINGS, home()))
        .isInstanceOf(LedgerUnavailableException.class)
        .hasMessage("the ledger cannot start");

    ledger.tidy();
    jdbc.sql("ALTER TABLE gone RENAME TO replicas").update();
  }

  final long openOne() {
    long id = ledger.nextId();
    ledger.open(Rows.open(id));
    return id;
  }

  final Ledger start(LedgerSettings settings, Path home) {
    Ledger fresh = new Ledger(gated, home, settings, Clock.systemUTC(), database.exclusive);
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

  final Map<String, Object> row(long id) {
    return jdbc.sql("SELECT * FROM llm_usage WHERE id = ?").param(id).query().singleRow();
  }

  final long count(String state) {
    return jdbc.sql("SELECT count(*) FROM llm_usage WHERE state = ?")
        .param(state)
        .query(Long.class)
        .single();
  }

  final long replicas() {
    return jdbc.sql("SELECT count(*) FROM replicas").query(Long.class).single();
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

  private static LedgerSettings settings(Duration openTimeout, Duration gather) {
    return new LedgerSettings(
        100,
        gather,
        50,
        openTimeout,
        SETTINGS.lease(),
        SETTINGS.renewEvery(),
        SETTINGS.sweepEvery(),
        Duration.ZERO,
        Duration.ofMillis(20),
        64 << 10);
  }
}
