package dev.serai.budget;

import dev.serai.ledger.Changes;
import dev.serai.ledger.SpendOf;
import dev.serai.ledger.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** Budgets as a replica on a test's database has them. */
public final class BudgetsOf {
  private BudgetsOf() {}

  public static Budgets replica(TestDatabase database, Clock clock) {
    Changes changes = database.changes(Duration.ofMinutes(1));
    return new Budgets(
        new BudgetStore(database.jdbc(), changes),
        new PeriodStore(database.jdbc(), SpendOf.budgets(database)),
        Map.of(),
        changes,
        clock);
  }

  public static RunningPeriods running(TestDatabase database, Budgets budgets) {
    return new RunningPeriods(database.jdbc(), budgets);
  }
}
