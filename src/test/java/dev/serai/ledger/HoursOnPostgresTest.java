package dev.serai.ledger;

import java.nio.file.Path;

class HoursOnPostgresTest extends HoursContract {
  @Override
  TestDatabase database(Path folder, String version) {
    return TestDatabase.postgres(version);
  }
}
