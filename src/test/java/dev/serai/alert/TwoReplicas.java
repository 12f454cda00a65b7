package dev.serai.alert;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one database, whose clock stands. */
abstract class TwoReplicas {
  @TempDir Path folder;
  final SetClock clock = new SetClock("2026-03-10T06:00:00Z");
  private final List<Replica> started = new ArrayList<>();
  TestDatabase database;
  Replica one;
  Replica two;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    one = replica();
    two = replica();
  }

  @AfterEach
  void close() {
    started.forEach(replica -> replica.budgets.close());
    database.close();
  }

  /** A process that was just started. */
  Replica replica() {
    Replica replica = new Replica(database, clock);
    started.add(replica);
    return replica;
  }
}
