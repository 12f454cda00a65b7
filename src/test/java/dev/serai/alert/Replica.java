package dev.serai.alert;

import dev.serai.budget.Budget;
import dev.serai.budget.Budgets;
import dev.serai.budget.BudgetsOf;
import dev.serai.budget.OpenPeriod;
import dev.serai.budget.Period;
import dev.serai.ledger.SpendOf;
import dev.serai.ledger.TestDatabase;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import dev.serai.telemetry.Meters;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a process that was just started has of alerts; several may share a database. */
final class Replica {
  static final Subject ACME = new Subject(Scope.TENANT, "acme");
  static final int MOST = 5;
  static final long DOLLAR = 1_000_000_000;
  static final AlertProperties SETTINGS =
      new AlertProperties(
          Duration.ofSeconds(1),
          List.of(100, 50, 95, 80),
          BigDecimal.valueOf(3),
          BigDecimal.ONE,
          new AlertProperties.Webhook("", "", AlertProperties.Format.JSON),
          new AlertProperties.Mail("", 587, AlertProperties.Tls.NONE, "", "", "", ""));

  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final Budgets budgets;
  final BudgetWatch budgetWatch;
  final SpendWatch spendWatch;
  final Alerts alerts;
  final Deliveries deliveries;
  final AlertRows rows;
  private final TestDatabase database;

  Replica(TestDatabase database, SetClock clock) {
    this.database = database;
    TransactionTemplate transactions =
        new TransactionTemplate(new DataSourceTransactionManager(database.pool));
    AlertStore store = new AlertStore(database.jdbc(), transactions, EnumSet.allOf(Channel.class));
    budgets = BudgetsOf.replica(database, clock);
    budgetWatch =
        new BudgetWatch(
            BudgetsOf.running(database, budgets),
            budgets::refusing,
            store,
            SETTINGS.thresholds(),
            clock);
    spendWatch = new SpendWatch(SpendOf.tenants(database), store, SETTINGS, clock);
    alerts = new Alerts(store, new Meters(meters), clock, MOST);
    deliveries = new Deliveries(database.jdbc(), transactions, new Meters(meters), clock);
    rows = new AlertRows(database.jdbc());
  }

  /** A budget of ten dollars for the tenant acme. */
  static Budget budget(Period period, Budget.Mode mode) {
    return budget(period, mode, 10 * DOLLAR);
  }

  static Budget budget(Period period, Budget.Mode mode, long nanos) {
    return new Budget(
        ACME, nanos, period, ZoneOffset.UTC, mode, false, Budget.OnBudget.REFUSE, null);
  }

  /** Sets what is spent of acme's running period, in cents. */
  void spent(long cents) {
    OpenPeriod open = budgets.applying(List.of(ACME)).getFirst();
    database
        .jdbc()
        .sql("UPDATE budget_periods SET spent_nanos = :nanos WHERE id = :id")
        .param("nanos", cents * DOLLAR / 100)
        .param("id", open.id())
        .update();
  }

  /** All alerts, the oldest first. */
  List<Alert> fired() {
    return rows.read(new AlertRows.Query(null, null, null, null, null, 1000)).rows().stream()
        .map(AlertRows.Row::alert)
        .toList()
        .reversed();
  }

  /** Thresholds in the order in which they were fired, 0 for a forecast. */
  List<Integer> thresholds() {
    return fired().stream().map(alert -> alert.finding().threshold()).toList();
  }
}
