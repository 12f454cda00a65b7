package dev.serai.ledger;

import java.nio.file.Path;

class HoursOnH2Test extends HoursContract {
  @Override
  TestDatabase database(Path folder, String version) {
    return TestDatabase.h2(folder, version);
  }
}
