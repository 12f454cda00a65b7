package dev.serai.alert;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class BudgetAlertsOnH2Test extends BudgetAlertsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
