package dev.serai.ledger;

import java.nio.file.Path;

class ConversationsOnH2Test extends ConversationsContract {
  @Override
  TestDatabase database(Path folder) {
    return TestDatabase.h2(folder);
  }
}
