package dev.serai.ledger;

import java.nio.file.Path;

class InstallationOnPostgresTest extends InstallationContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
