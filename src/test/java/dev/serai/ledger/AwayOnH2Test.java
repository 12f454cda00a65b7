package dev.serai.ledger;

import java.nio.file.Path;

class AwayOnH2Test extends AwayContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
