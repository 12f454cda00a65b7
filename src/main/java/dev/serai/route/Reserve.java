package dev.serai.route;

import dev.serai.catalog.Target;
import dev.serai.ledger.Ledger;
import dev.serai.ledger.OpenRow;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Writes down, durably, that a call is about to be made, and what it may cost. */
@Component("reserve")
final class Reserve {

  private final Ledger ledger;
  private final Clock clock;

  Reserve(Ledger ledger, Clock clock) {
    this.ledger = ledger;
    this.clock = clock;
  }

  /** Returns when the row is safe; whatever is sent after it can be accounted for. */
  public void open(Exchange exchange) {
    Call call = Call.of(exchange);
    Attempt attempt = call.attempt();
    Target target = attempt.target;
    long id = ledger.nextId();
    ledger.open(
        new OpenRow(
            id,
            call.requestId,
            attempt.number,
            call.tenant().id(),
            call.entryName,
            call.operation.label(),
            call.role == null ? null : call.role.name(),
            target.id(),
            target.provider().providerName(),
            call.requestModel,
            target.modelId(),
            call.promptVersion,
            call.request().stream(),
            call.cacheState.label,
            attempt.estimatedInput,
            attempt.estimatedOutput,
            attempt.charge(attempt.estimate()),
            clock.instant()));
    attempt.opened(id);
  }
}
