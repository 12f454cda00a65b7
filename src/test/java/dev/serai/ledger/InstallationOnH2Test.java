package dev.serai.ledger;

import java.nio.file.Path;

class InstallationOnH2Test extends InstallationContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
