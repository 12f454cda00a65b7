package dev.serai.ledger;

import java.nio.file.Path;

class ReconciliationOnH2Test extends ReconciliationContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
