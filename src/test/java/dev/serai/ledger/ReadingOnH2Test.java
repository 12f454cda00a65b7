package dev.serai.ledger;

import java.nio.file.Path;

class ReadingOnH2Test extends ReadingContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
