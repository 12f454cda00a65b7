package dev.serai.ledger;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How often sums and rows are compared.
 *
 * @param reconcileEvery how long after one comparison the next begins, on one of the replicas; 0
 *     for only when asked; never negative
 */
@ConfigurationProperties("serai.ledger")
public record ReconciliationSettings(@DefaultValue("1h") Duration reconcileEvery) {

  /** Refuses what has no meaning. */
  public ReconciliationSettings {
    if (reconcileEvery.isNegative()) {
      throw new IllegalArgumentException(
          "serai.ledger.reconcile-every must be 0 (only when asked) or more");
    }
  }
}
