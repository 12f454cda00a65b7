package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.ledger.Change.Kind;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What replicas tell each other, on every database. */
abstract class ChangesContract {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  @TempDir Path folder;
  private final List<Changes> replicas = new ArrayList<>();
  private TestDatabase database;
  private JdbcClient jdbc;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    jdbc = JdbcClient.create(database.pool);
  }

  @AfterEach
  void close() {
    replicas.forEach(Changes::close);
    database.close();
  }

  private Changes replica() {
    Changes changes =
        new Changes(
            jdbc,
            new TransactionTemplate(new JdbcTransactionManager(database.pool)),
            Clock.fixed(NOW, ZoneOffset.UTC));
    replicas.add(changes);
    return changes;
  }

  private static List<String> heardBy(Changes changes, Kind kind) {
    List<String> heard = new CopyOnWriteArrayList<>();
    changes.listen(kind, heard::add);
    return heard;
  }

  private static Change change(Kind kind, String subject) {
    return new Change("admin-key", "create", kind, subject, null, "{\"name\":\"x\"}");
  }

  @Test
  void the_replica_that_makes_a_change_hears_of_it_at_once() {
    Changes changes = replica();
    List<String> tenants = heardBy(changes, Kind.TENANT);
    List<String> limits = heardBy(changes, Kind.LIMIT);

    changes.make(() -> change(Kind.TENANT, "acme"));

    assertThat(tenants).containsExactly("acme");
    assertThat(limits).isEmpty();
  }

  @Test
  void another_replica_hears_of_it_and_once_only() {
    Changes here = replica();
    Changes there = replica();
    List<String> heard = heardBy(there, Kind.GATEWAY_KEY);
    here.make(() -> change(Kind.GATEWAY_KEY, "before"));
    there.start(Duration.ofMillis(10));
    await().until(() -> heard.contains(Changes.ALL));

    here.make(() -> change(Kind.GATEWAY_KEY, "k1"));
    here.make(() -> change(Kind.GATEWAY_KEY, "k2"));

    await().until(() -> heard.contains("k2"));
    assertThat(heard).containsExactly(Changes.ALL, "k1", "k2");
  }

  @Test
  void of_many_changes_at_the_same_time_none_is_missed() throws Exception {
    Changes there = replica();
    List<String> heard = heardBy(there, Kind.TENANT);
    there.start(Duration.ofMillis(1));
    await().until(() -> heard.contains(Changes.ALL));
    List<Changes> makers = List.of(replica(), replica(), replica());
    List<Callable<Change>> work =
        IntStream.range(0, 90)
            .mapToObj(
                i ->
                    (Callable<Change>)
                        () -> makers.get(i % 3).make(() -> change(Kind.TENANT, "t" + i)))
            .toList();

    try (ExecutorService threads = Executors.newFixedThreadPool(5)) {
      for (Future<Change> made : threads.invokeAll(work)) {
        made.get();
      }
    }

    await().until(() -> heard.stream().filter(name -> name.startsWith("t")).count() >= 90);
    assertThat(heard.stream().filter(name -> name.startsWith("t")))
        .doesNotHaveDuplicates()
        .hasSize(90);
  }

  @Test
  void the_audit_says_who_changed_what() {
    replica()
        .make(
            () -> new Change("admin-key", "update", Kind.TENANT, "acme", "{\"a\":1}", "{\"a\":2}"));

    assertThat(jdbc.sql("SELECT * FROM audit").query().listOfRows())
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("id", 1L)
                    .containsEntry("actor", "admin-key")
                    .containsEntry("action", "update")
                    .containsEntry("kind", "tenant")
                    .containsEntry("subject", "acme")
                    .hasEntrySatisfying(
                        "old_value", value -> assertThat(value).asString().isNotEmpty())
                    .hasEntrySatisfying(
                        "new_value", value -> assertThat(value).asString().isNotEmpty()));
  }

  @Test
  void work_that_fails_leaves_nothing_and_tells_nobody() {
    Changes changes = replica();
    List<String> heard = heardBy(changes, Kind.TENANT);

    assertThatThrownBy(
            () ->
                changes.make(
                    () -> {
                      jdbc.sql("DELETE FROM installation").update();
                      throw new IllegalArgumentException("not so");
                    }))
        .isInstanceOf(IllegalArgumentException.class);

    assertThat(heard).isEmpty();
    assertThat(jdbc.sql("SELECT COUNT(*) FROM audit").query(Long.class).single()).isZero();
  }

  @Test
  void without_a_database_nothing_is_changed_and_nobody_is_told() {
    Changes changes = replica();
    List<String> heard = heardBy(changes, Kind.TENANT);
    database.close();

    assertThatThrownBy(() -> changes.make(() -> change(Kind.TENANT, "acme")))
        .isInstanceOf(LedgerUnavailableException.class);

    assertThat(heard).isEmpty();
  }

  @Test
  void a_listener_that_fails_keeps_no_other_from_hearing() {
    Changes changes = replica();
    changes.listen(
        Kind.TENANT,
        subject -> {
          throw new IllegalStateException("broken");
        });
    List<String> heard = heardBy(changes, Kind.TENANT);

    changes.make(() -> change(Kind.TENANT, "acme"));

    assertThat(heard).containsExactly("acme");
  }

  @Test
  void the_audit_is_read_in_pages_the_newest_first() {
    Changes changes = replica();
    for (int i = 0; i < 5; i++) {
      String subject = "t" + i;
      changes.make(() -> change(Kind.TENANT, subject));
    }
    changes.make(() -> change(Kind.LIMIT, "t3"));
    AuditRows audit = new AuditRows(jdbc);

    AuditRows.Page first = audit.read(query(null, null, 4));
    AuditRows.Page rest = audit.read(query(null, first.next(), 4));

    assertThat(first.rows()).extracting(AuditRows.Row::id).containsExactly(6L, 5L, 4L, 3L);
    assertThat(rest.rows()).extracting(AuditRows.Row::id).containsExactly(2L, 1L);
    assertThat(rest.next()).isNull();
    assertThat(audit.read(query("t3", null, 4)).rows())
        .extracting(row -> row.change().kind())
        .containsExactly(Kind.LIMIT, Kind.TENANT);
    assertThat(first.rows().getFirst().madeAt()).isEqualTo(NOW);
    assertThat(first.rows().get(1).change()).isEqualTo(change(Kind.TENANT, "t4"));
    assertThat(
            audit.read(new AuditRows.Query(null, "tenant", "admin-key", NOW, null, null, 9)).rows())
        .hasSize(5);
    assertThat(audit.read(new AuditRows.Query(null, null, null, null, NOW, null, 9)).rows())
        .isEmpty();
  }

  private static AuditRows.Query query(@Nullable String subject, @Nullable Long before, int limit) {
    return new AuditRows.Query(subject, null, null, null, null, before, limit);
  }
}
