package dev.serai.ledger;

import java.nio.file.Path;

class ConversationHoldsOnPostgresTest extends ConversationHoldsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.postgres();
  }
}
