package dev.serai.route;

import dev.serai.ledger.Ledger;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.Settlement;
import dev.serai.telemetry.Meters;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gathers settlements into batches, each of which is written in one transaction. */
@Component("settlements")
final class Settlements implements AggregationStrategy {

  private final Ledger ledger;

  Settlements(Ledger ledger, Meters meters) {
    this.ledger = ledger;
    meters.ledger(
        () -> ledger.stats().unwritten(),
        () -> ledger.stats().awayRows(),
        () -> ledger.stats().away());
  }

  @Override
  public Exchange aggregate(@Nullable Exchange batch, Exchange next) {
    Settlement settlement = next.getMessage().getBody(Settlement.class);
    if (batch != null) {
      gathered(batch).add(settlement);
      return batch;
    }
    List<Settlement> gathered = new ArrayList<>();
    gathered.add(settlement);
    next.getMessage().setBody(gathered);
    return next;
  }

  @SuppressWarnings("unchecked")
  private static List<Settlement> gathered(Exchange exchange) {
    return (List<Settlement>) exchange.getMessage().getBody();
  }

  /**
   * Completes the rows of a batch, and what hangs on them, in one transaction.
   *
   * @throws LedgerUnavailableException when the database cannot be used; the journal keeps them
   */
  public void write(Exchange exchange) {
    ledger.write(gathered(exchange));
  }
}
