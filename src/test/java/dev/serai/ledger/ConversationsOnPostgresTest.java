package dev.serai.ledger;

import java.nio.file.Path;

class ConversationsOnPostgresTest extends ConversationsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
