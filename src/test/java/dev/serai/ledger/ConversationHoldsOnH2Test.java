package dev.serai.ledger;

import java.nio.file.Path;

class ConversationHoldsOnH2Test extends ConversationHoldsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
