package dev.serai.tenant;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class TenantsOnH2Test extends TenantsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
