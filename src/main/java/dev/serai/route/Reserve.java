package dev.serai.route;

import dev.serai.catalog.Target;
import dev.serai.ledger.Ledger;
import dev.serai.ledger.OpenRow;
import java.time.Clock;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Takes of the limits, and writes down durably, what a call may use that is about to be made. */
@Component("reserve")
final class Reserve {

  private final Ledger ledger;
  private final Admit admit;
  private final Clock clock;

  Reserve(Ledger ledger, Admit admit, Clock clock) {
    this.ledger = ledger;
    this.admit = admit;
    this.clock = clock;
  }

  /** Returns when the row is safe; whatever is sent after it can be accounted for. */
  public void open(Exchange exchange) {
    Call call = Call.of(exchange);
    Attempt attempt = call.attempt();
    admit.reserve(call, attempt);
    try {
      open(call, attempt);
    } catch (RuntimeException e) {
      attempt.release();
      throw e;
    }
    call.sent = true;
  }

  private void open(Call call, Attempt attempt) {
    Target target = attempt.target;
    long id = ledger.nextId();
    ledger.open(
        new OpenRow(
            id,
            call.requestId,
            attempt.number,
            call.tenant().id(),
            call.key == null ? null : call.key.id(),
            attempt.payer.account(),
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
