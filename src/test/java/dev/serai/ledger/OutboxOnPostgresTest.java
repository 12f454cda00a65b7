package dev.serai.ledger;

import java.nio.file.Path;

class OutboxOnPostgresTest extends OutboxContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
