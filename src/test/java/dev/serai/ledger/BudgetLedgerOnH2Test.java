package dev.serai.ledger;

import java.nio.file.Path;

class BudgetLedgerOnH2Test extends BudgetLedgerContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
