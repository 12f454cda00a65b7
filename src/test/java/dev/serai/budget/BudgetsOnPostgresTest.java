package dev.serai.budget;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class BudgetsOnPostgresTest extends BudgetsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
