package dev.serai.ledger;

import java.nio.file.Path;

class OutboxOnH2Test extends OutboxContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
