package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BudgetLedgerOnPostgresTest extends BudgetLedgerContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }

  @Test
  void two_sweeps_at_once_spend_what_two_dead_replicas_had_reserved_once() throws Exception {
    long first = period(1_000_000, true);
    long second = period(1_000_000, true);
    Ledger alsoDead = start(home());
    for (int i = 0; i < 50; i++) {
      open(ledger, 100, second);
      open(alsoDead, 100, first, second);
    }
    List<Ledger> living = List.of(start(home()), start(home()));
    for (Ledger dead : List.of(ledger, alsoDead)) {
      jdbc.sql(
              "UPDATE replicas SET lease_until = CURRENT_TIMESTAMP - INTERVAL '1' MINUTE"
                  + " WHERE id = ?")
          .param(dead.replicaId())
          .update();
    }

    try (ExecutorService sweepers = Executors.newVirtualThreadPerTaskExecutor()) {
      Stream<Future<?>> sweeps =
          Stream.concat(living.stream(), living.stream())
              .<Future<?>>map(replica -> sweepers.submit(replica::tidy))
              .toList()
              .stream();
      for (Future<?> sweep : sweeps.toList()) {
        sweep.get();
      }
    }

    assertThat(stand(first)).isEqualTo(new Stand(5_000, 0));
    assertThat(stand(second)).isEqualTo(new Stand(10_000, 0));
  }
}
