package dev.serai.alert;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class AlertsOnH2Test extends AlertsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
