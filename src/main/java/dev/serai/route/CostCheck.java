package dev.serai.route;

import dev.serai.alert.Alert;
import dev.serai.alert.Alerts;
import dev.serai.ledger.CostState;
import dev.serai.ledger.Settlement;
import dev.serai.policy.Costing;
import dev.serai.policy.Money;
import dev.serai.telemetry.LogText;
import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Holds a provider's own cost, where it states one, against the computed one. */
@Component
final class CostCheck {

  private static final Logger LOG = LoggerFactory.getLogger(CostCheck.class);
  private static final Duration QUIET = Duration.ofHours(1);

  /** Callers may make up any number of names. */
  private static final int MOST_NAMES = 1000;

  private record Name(String target, String model) {}

  private final Meters meters;
  private final Alerts alerts;
  private final Clock clock;
  private final ConcurrentHashMap<Name, Instant> warned = new ConcurrentHashMap<>();

  CostCheck(Meters meters, Alerts alerts, Clock clock) {
    this.meters = meters;
    this.alerts = alerts;
    this.clock = clock;
  }

  /** Counts a difference over one per cent, and warns once an hour for each target and model. */
  void look(Attempt attempt, Settlement settlement) {
    Long theirs = settlement.usage().providerCostNanos();
    if (theirs == null || settlement.charge().state() != CostState.PRICED) {
      return;
    }
    Long ours = attempt.listCost(settlement.usage()).nanos();
    if (ours == null || !Costing.deviates(ours, theirs)) {
      return;
    }
    meters.costDeviation(attempt.target.id());
    alerts.raise(
        Alert.Kind.COST_DIFFERENCE,
        attempt.target.id() + "/" + attempt.target.modelId(),
        Map.of("computed_usd", usd(ours), "provider_usd", usd(theirs)));
    if (due(new Name(attempt.target.id(), attempt.target.modelId()))) {
      LOG.warn(
          "cost deviates target={} model={} computed_usd={} provider_usd={}: compare the model's"
              + " price in config/models.yaml with the provider's; further ones are only counted"
              + " for an hour",
          attempt.target.id(),
          LogText.safe(attempt.target.modelId()),
          usd(ours),
          usd(theirs));
    }
  }

  private static String usd(long nanos) {
    return Money.usd(nanos).toPlainString();
  }

  private boolean due(Name name) {
    Instant now = clock.instant();
    Instant last = warned.get(name);
    if (last == null) {
      return warned.size() < MOST_NAMES && warned.putIfAbsent(name, now) == null;
    }
    return last.plus(QUIET).isBefore(now) && warned.replace(name, last, now);
  }
}
