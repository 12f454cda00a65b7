package dev.serai.ledger;

import java.nio.file.Path;

class ReadingOnPostgresTest extends ReadingContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
