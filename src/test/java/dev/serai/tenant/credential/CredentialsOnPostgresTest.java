package dev.serai.tenant.credential;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class CredentialsOnPostgresTest extends CredentialsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
