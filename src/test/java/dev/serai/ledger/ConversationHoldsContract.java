package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Who is at a conversation, on every database. */
abstract class ConversationHoldsContract {
  @TempDir Path folder;
  private TestDatabase database;
  private JdbcClient jdbc;
  private ConversationHolds here;
  private ConversationHolds there;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    jdbc = JdbcClient.create(database.pool);
    here = replica("here", 1, 60);
    there = replica("there", 2, 60);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ConversationHolds replica(String id, int number, int lease) {
    jdbc.sql(
            "INSERT INTO replicas (id, number, started_at, lease_until, open_from) VALUES (:id,"
                + " :number, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP + CAST(:lease AS BIGINT) *"
                + " INTERVAL '1' SECOND, 0)")
        .param("id", id)
        .param("number", number)
        .param("lease", lease)
        .update();
    return new ConversationHolds(jdbc, id, false);
  }

  @Test
  void one_replica_at_a_time_is_at_a_conversation() {
    assertThat(here.take("acme", "c", "req-1")).isTrue();
    assertThat(there.take("acme", "c", "req-2")).isFalse();
    assertThat(there.take("acme", "d", "req-3")).isTrue();
    assertThat(there.take("zeta", "c", "req-4")).isTrue();

    here.release("acme", "c", "req-1");

    assertThat(there.take("acme", "c", "req-5")).isTrue();
    assertThat(here.take("acme", "c", "req-6")).isFalse();
  }

  @Test
  void of_many_that_come_together_one_gets_it() throws Exception {
    List<Callable<Boolean>> all =
        IntStream.range(0, 6)
            .mapToObj(
                i -> {
                  ConversationHolds replica = replica("r" + i, 10 + i, 60);
                  return (Callable<Boolean>) () -> replica.take("acme", "c", "req-" + i);
                })
            .toList();

    int taken = 0;
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<Boolean> one : threads.invokeAll(all)) {
        taken += one.get() ? 1 : 0;
      }
    }

    assertThat(taken).isOne();
  }

  @Test
  void what_a_dead_replica_holds_is_free() {
    assertThat(replica("dead", 3, -1).take("acme", "c", "req-1")).isTrue();
    assertThat(here.take("acme", "c", "req-2")).isTrue();

    assertThat(there.take("acme", "c", "req-3")).isFalse();
  }

  @Test
  void what_is_left_over_from_this_replica_is_taken_again_and_not_released_by_the_one_before() {
    assertThat(here.take("acme", "c", "req-1")).isTrue();
    assertThat(here.take("acme", "c", "req-2")).isTrue();

    here.release("acme", "c", "req-1");

    assertThat(there.take("acme", "c", "req-3")).isFalse();
  }

  @Test
  void where_there_can_be_no_other_replica_nothing_is_written() {
    ConversationHolds alone = new ConversationHolds(jdbc, "alone", true);

    assertThat(alone.take("acme", "c", "req-1")).isTrue();
    alone.release("acme", "c", "req-1");

    assertThat(there.take("acme", "c", "req-2")).isTrue();
  }

  @Test
  void a_release_is_made_up_for_when_the_database_is_back() {
    Cable cable = new Cable(database.pool);
    ConversationHolds cut = new ConversationHolds(JdbcClient.create(cable), "here", false);
    assertThat(cut.take("acme", "c", "req-1")).isTrue();
    cable.cut = true;
    cut.release("acme", "c", "req-1");
    assertThatThrownBy(() -> cut.take("acme", "d", "req-2"))
        .isInstanceOf(LedgerUnavailableException.class);
    assertThat(there.take("acme", "c", "req-3")).isFalse();

    cable.cut = false;

    await().until(() -> there.take("acme", "c", "req-4"));
  }

  /** The way to the database. */
  private static final class Cable extends DelegatingDataSource {
    volatile boolean cut;

    Cable(DataSource target) {
      super(target);
    }

    @Override
    public Connection getConnection() throws SQLException {
      if (cut) {
        throw new SQLException("away", "08001");
      }
      return super.getConnection();
    }
  }
}
