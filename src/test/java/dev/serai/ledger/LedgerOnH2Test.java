package dev.serai.ledger;

import java.nio.file.Path;

class LedgerOnH2Test extends LedgerContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
