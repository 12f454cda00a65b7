package dev.serai.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A ledger for tests of what is built upon it. */
public final class LedgerUnderTest implements AutoCloseable {
  private static final LedgerSettings SETTINGS =
      new LedgerSettings(
          100,
          Duration.ZERO,
          1_000,
          Duration.ofSeconds(20),
          Duration.ofHours(2),
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ZERO,
          Duration.ofMillis(20),
          64 << 10);

  private final Ledger ledger;
  private final SpentSoFar spentSoFar;

  /** Begins to write, with ids and times by that clock. */
  public LedgerUnderTest(TestDatabase database, Path home, Clock clock) {
    ledger = new Ledger(database.pool, home, SETTINGS, clock, database.exclusive);
    ledger.start();
    spentSoFar = new SpentSoFar(database.jdbc());
  }

  /** What budgets begin with. */
  public SpentSoFar spentSoFar() {
    return spentSoFar;
  }

  /** Opens the row of a call that may cost so many nano-dollars, of these budget periods. */
  public long open(String tenant, @Nullable String key, long estimate, List<Long> periods) {
    long id = ledger.nextId();
    ledger.open(Rows.open(id, tenant, key, estimate, Reservation.in(periods)));
    return id;
  }

  /** The call is over. */
  public void settle(long id, long cost) {
    ledger.write(List.of(Rows.settled(id, cost)));
  }

  @Override
  public void close() {
    ledger.stop();
  }
}
