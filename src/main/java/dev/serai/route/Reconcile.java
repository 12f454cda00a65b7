package dev.serai.route;

import dev.serai.alert.Alert;
import dev.serai.alert.Alerts;
import dev.serai.ledger.Difference;
import dev.serai.ledger.Reconciled;
import dev.serai.ledger.Reconciliation;
import dev.serai.ledger.ReconciliationSettings;
import dev.serai.telemetry.Meters;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
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

  /** Counts what was found, and tells operators of the first difference of each kind. */
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
      Set<Difference.Kind> told = EnumSet.noneOf(Difference.Kind.class);
      for (Difference first : result.listed()) {
        if (told.add(first.kind())) {
          alerts.raise(Alert.Kind.RECONCILIATION, first.kind().label(), details(result, first));
        }
      }
    }

    private static Map<String, String> details(Reconciled result, Difference first) {
      Map<String, String> details = new LinkedHashMap<>();
      details.put("differences", Long.toString(result.differences()));
      details.put("first", first.subject());
      details.put("by_rows", first.byRows());
      details.put("kept", first.kept());
      return details;
    }
  }
}
