package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.Beside;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Who is told of which rows, on every database. */
@Beside
abstract class OutboxContract {
  @TempDir Path folder;
  private TestDatabase database;
  private JdbcClient jdbc;
  private Ledger ledger;
  private Outbox outbox;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    jdbc = database.jdbc();
    ledger = ledger(true, "home");
    ledger.start();
    outbox = outbox("one");
  }

  @AfterEach
  void close() {
    ledger.stop();
    database.close();
  }

  @Test
  void a_row_is_told_of_when_it_is_settled() {
    long open = openOne();
    assertThat(outbox.size()).isZero();
    ledger.write(List.of(Rows.settled(open)));

    List<UsageEvent> events = outbox.claim(10);

    assertThat(events).extracting(UsageEvent::id).containsExactly(open + "-1");
    assertThat(events.getFirst().row().state()).isEqualTo("settled");
    assertThat(events.getFirst().row().costNanos()).isEqualTo(737_500);
  }

  @Test
  void a_settlement_that_comes_late_is_a_new_revision_in_place_of_the_old() {
    long open = openOne();
    sweep();
    List<UsageEvent> unsettled = outbox.claim(10);
    assertThat(unsettled).extracting(UsageEvent::id).containsExactly(open + "-1");
    assertThat(unsettled.getFirst().row().state()).isEqualTo("unsettled");
    ledger.write(List.of(Rows.settled(open)));
    ledger.write(List.of(Rows.settled(open)));

    assertThat(outbox.claim(10)).extracting(UsageEvent::id).containsExactly(open + "-2");

    outbox.published(unsettled);
    assertThat(outbox.size()).isOne();
  }

  @Test
  void nobody_is_told_of_a_call_that_never_left_unless_it_was_charged() {
    long never = openOne();
    ledger.write(List.of(Settlement.notSent(never, null, Clock.systemUTC().instant())));
    assertThat(outbox.size()).isZero();
    long charged = openOne();
    sweep();
    ledger.write(List.of(Settlement.notSent(charged, null, Clock.systemUTC().instant())));

    assertThat(outbox.claim(10)).extracting(UsageEvent::id).containsExactly(charged + "-2");
  }

  @Test
  void what_was_written_twice_is_told_once() {
    long open = openOne();
    Settlement unsettled = Settlement.unsettled(Rows.open(open), Clock.systemUTC().instant());
    ledger.write(List.of(unsettled));
    ledger.write(List.of(unsettled));

    assertThat(outbox.claim(10)).extracting(UsageEvent::id).containsExactly(open + "-1");
  }

  @Test
  void replicas_share_the_events_and_none_has_one_of_another() throws Exception {
    List<Long> ids = Stream.generate(this::openOne).limit(300).toList();
    ledger.write(ids.stream().map(Rows::settled).toList());
    try (ExecutorService replicas = Executors.newFixedThreadPool(3)) {
      List<Callable<List<UsageEvent>>> takers =
          Stream.of("a", "b", "c")
              .map(name -> (Callable<List<UsageEvent>>) () -> outbox(name).claim(100))
              .toList();
      List<Long> taken =
          replicas.invokeAll(takers).stream()
              .map(Future::resultNow)
              .flatMap(List::stream)
              .map(event -> event.row().id())
              .toList();
      assertThat(taken).doesNotHaveDuplicates();
      List<Long> rest = outbox.claim(500).stream().map(event -> event.row().id()).toList();

      assertThat(Stream.concat(taken.stream(), rest.stream()))
          .containsExactlyInAnyOrderElementsOf(ids);
    }
    assertThat(outbox.claim(500)).isEmpty();
  }

  @Test
  void what_was_not_published_comes_again_and_what_was_does_not() {
    List<Long> ids = LongStream.range(0, 3).mapToObj(i -> openOne()).toList();
    ledger.write(ids.stream().map(Rows::settled).toList());
    List<UsageEvent> taken = outbox.claim(10);
    outbox.published(taken.subList(0, 1));
    assertThat(outbox("two").claim(10)).isEmpty();
    outbox.release();

    assertThat(outbox("two").claim(10)).isEqualTo(taken.subList(1, 3));

    jdbc.sql("UPDATE usage_outbox SET claimed_until = CURRENT_TIMESTAMP - INTERVAL '1' SECOND")
        .update();
    assertThat(outbox.claim(10)).hasSize(2);
  }

  @Test
  void without_a_sink_nothing_is_noted() {
    ledger.stop();
    ledger = ledger(false, "other");
    ledger.start();
    ledger.write(List.of(Rows.settled(openOne())));

    assertThat(outbox.size()).isZero();
  }

  private void sweep() {
    jdbc.sql("UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '1' MINUTE").update();
    Ledger other = ledger(true, "sweeping");
    other.start();
    other.stop();
  }

  private long openOne() {
    long id = ledger.nextId();
    ledger.open(Rows.open(id));
    return id;
  }

  private Outbox outbox(String replica) {
    return new Outbox(
        database.jdbc(),
        new TransactionTemplate(new DataSourceTransactionManager(database.pool)),
        replica);
  }

  private Ledger ledger(boolean sink, String home) {
    return new Ledger(
        database.pool,
        folder.resolve(home),
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
            64 << 10),
        OutageSettings.DEFAULTS,
        new OutboxRows(sink),
        Clock.systemUTC(),
        database.exclusive);
  }
}
