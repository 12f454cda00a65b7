package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class LedgerOnPostgresTest extends LedgerContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }

  @Test
  void rows_of_a_living_replica_are_left_alone() {
    long id = openOne();

    start(SETTINGS, home()).tidy();

    assertThat(row(id)).containsEntry("state", "open");
  }

  @Test
  void a_sweep_closes_what_died_later() {
    long id = openOne();
    Ledger other = start(SETTINGS, home());
    expireLeases();

    other.tidy();

    assertThat(row(id)).containsEntry("state", "unsettled");
    assertThat(replicas()).isEqualTo(2);
  }

  @Test
  void a_replica_long_dead_is_forgotten() {
    openOne();
    Ledger other = start(SETTINGS, home());
    jdbc.sql(
            "UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '11' MINUTE"
                + " WHERE id <> ?")
        .param(other.replicaId())
        .update();

    other.tidy();

    assertThat(replicas()).isOne();
    assertThat(count("unsettled")).isOne();
  }

  @Test
  void two_sweeps_at_once_do_not_clash() throws Exception {
    for (int i = 0; i < 200; i++) {
      openOne();
    }
    Ledger one = start(SETTINGS, home());
    Ledger two = start(SETTINGS, home());
    jdbc.sql(
            "UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '1' MINUTE WHERE id ="
                + " ?")
        .param(ledger.replicaId())
        .update();

    try (ExecutorService sweepers = Executors.newFixedThreadPool(2)) {
      Future<?> first = sweepers.submit(one::tidy);
      Future<?> second = sweepers.submit(two::tidy);
      first.get();
      second.get();
    }

    assertThat(count("unsettled")).isEqualTo(200);
  }

  @Test
  void every_replica_has_its_own_number() {
    Ledger other = start(SETTINGS, home());

    assertThat(RowIds.replicaOf(other.nextId())).isNotEqualTo(RowIds.replicaOf(ledger.nextId()));
  }
}
