package dev.serai.alert;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class BudgetAlertsOnPostgresTest extends BudgetAlertsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
