package dev.serai.tenant.credential;

import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;

class CredentialsOnH2Test extends CredentialsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
