package dev.serai.budget;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class BudgetsOnH2Test extends BudgetsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
