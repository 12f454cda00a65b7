package dev.serai.route;

import dev.serai.alert.Alert;
import dev.serai.alert.Alerts;
import dev.serai.ledger.Reconciled;
import dev.serai.ledger.Reconciliation;
import dev.serai.ledger.ReconciliationSettings;
import dev.serai.telemetry.Meters;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;

/** Has what is kept of the ledger compared with its rows when that is due. */
@Component("reconcile")
final class Reconcile {
  private static final Logger LOG = LoggerFactory.getLogger(Reconcile.class);

  private final Reconciliation reconciliation;
  private final ReconciliationSettings settings;

  Reconcile(Reconciliation reconciliation, ReconciliationSettings settings) {
    this.reconciliation = reconciliation;
    this.settings = settings;
  }

  /** Compares where that is due; what cannot be compared now is tried again the next time. */
  public void whenDue() {
    if (!settings.reconcileEvery().isPositive()) {
      return;
    }
    try {
      Reconciled result = reconciliation.runIfDue(settings.reconcileEvery());
      if (result != null) {
        LOG.info(
            "the ledger was compared: hours={} budget_periods={} differences={}",
            result.hours(),
            result.periods(),
            result.differences());
      }
    } catch (DataAccessException | TransactionException e) {
      LOG.warn("the ledger could not be compared: class={}", e.getClass().getName());
    }
  }

  /** Counts what was found, and tells operators of it. */
  @Component
  static final class Report implements Reconciled.Listener {
    private final Meters meters;
    private final Alerts alerts;

    Report(Meters meters, Alerts alerts) {
      this.meters = meters;
      this.alerts = alerts;
    }

    @Override
    public void reconciled(Reconciled result) {
      meters.reconciled(result.differences());
      if (result.differences() > 0) {
        alerts.raise(
            Alert.Kind.RECONCILIATION,
            "ledger",
            Map.of("differences", Long.toString(result.differences())));
      }
    }
  }
}
