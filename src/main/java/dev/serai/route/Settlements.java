package dev.serai.route;

import dev.serai.ledger.Ledger;
import dev.serai.ledger.Settlement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Gathers settlements into batches for one statement each. */
@Component("settlements")
final class Settlements implements AggregationStrategy {

  private static final String BATCH = "settlements";

  private final Ledger ledger;

  Settlements(Ledger ledger) {
    this.ledger = ledger;
  }

  @Override
  public Exchange aggregate(@Nullable Exchange batch, Exchange next) {
    Settlement settlement = next.getMessage().getBody(Settlement.class);
    Exchange result = batch == null ? next : batch;
    List<Settlement> gathered = batch == null ? new ArrayList<>() : gathered(batch);
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    if (batch == null) {
      result.setProperty(BATCH, gathered);
      result.getMessage().setBody(rows);
    } else {
      rows = rows(batch);
    }
    gathered.add(settlement);
    rows.add(settlement.parameters());
    return result;
  }

  @SuppressWarnings("unchecked")
  private static List<Settlement> gathered(Exchange exchange) {
    return (List<Settlement>) exchange.getProperty(BATCH);
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, @Nullable Object>> rows(Exchange exchange) {
    return (List<Map<String, @Nullable Object>>) exchange.getMessage().getBody();
  }

  /** The batch is in the database: the journal need not keep it any longer. */
  public void written(Exchange exchange) {
    ledger.written(gathered(exchange));
  }
}
