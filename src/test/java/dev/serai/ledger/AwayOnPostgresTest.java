package dev.serai.ledger;

import java.nio.file.Path;

class AwayOnPostgresTest extends AwayContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
