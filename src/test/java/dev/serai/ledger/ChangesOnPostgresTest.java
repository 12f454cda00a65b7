package dev.serai.ledger;

import java.nio.file.Path;

class ChangesOnPostgresTest extends ChangesContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
