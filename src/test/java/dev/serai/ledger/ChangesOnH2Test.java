package dev.serai.ledger;

import java.nio.file.Path;

class ChangesOnH2Test extends ChangesContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
