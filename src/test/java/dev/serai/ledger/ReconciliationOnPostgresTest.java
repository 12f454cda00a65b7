package dev.serai.ledger;

import java.nio.file.Path;

class ReconciliationOnPostgresTest extends ReconciliationContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
