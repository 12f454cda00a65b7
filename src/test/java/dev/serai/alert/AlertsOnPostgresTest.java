package dev.serai.alert;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class AlertsOnPostgresTest extends AlertsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
