package dev.serai.tenant;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class TenantsOnPostgresTest extends TenantsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
