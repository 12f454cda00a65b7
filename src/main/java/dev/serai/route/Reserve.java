package dev.serai.route;

import dev.serai.budget.BudgetProperties;
import dev.serai.budget.OpenPeriod;
import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Target;
import dev.serai.ledger.BudgetExceededException;
import dev.serai.ledger.BudgetGoneException;
import dev.serai.ledger.BudgetRefusal;
import dev.serai.ledger.Ledger;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.OpenRow;
import dev.serai.ledger.Reservation;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/** Takes of the limits, and writes down durably, what a call may use that is about to be made. */
@Component("reserve")
final class Reserve {

  private static final int MOST_GONE = 5;

  /** Money that another replica grants is not refused for longer than this. */
  private static final Duration REFUSAL_HOLDS = Duration.ofMillis(100);

  private final Ledger ledger;
  private final Admit admit;
  private final Funds funds;
  private final Duration patience;
  private final Clock clock;
  private final Waiters waiters;
  private final KnownRefusals refusals = new KnownRefusals(REFUSAL_HOLDS);

  Reserve(
      Ledger ledger,
      Admit admit,
      Funds funds,
      BudgetProperties settings,
      GatewayProperties gateway,
      Clock clock) {
    this.ledger = ledger;
    this.admit = admit;
    this.funds = funds;
    this.patience = settings.patience();
    this.clock = clock;
    this.waiters = new Waiters(gateway.limits().inFlight());
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

  /**
   * Comes again for a while where there would be room if calls under way turned out to cost less
   * than was reserved for them.
   */
  private void open(Call call, Attempt attempt) {
    Duration left = call.timeLeft();
    try (Waiters.Wait wait = waiters.of(patience.compareTo(left) < 0 ? patience : left)) {
      for (int gone = 0; gone <= MOST_GONE; gone++) {
        if (open(call, attempt, wait)) {
          return;
        }
        funds.refresh();
      }
    }
    throw new LedgerUnavailableException("budgets change faster than they can be read");
  }

  /** False when one of its budgets is not what it was. */
  private boolean open(Call call, Attempt attempt, Waiters.Wait wait) {
    while (true) {
      boolean hard = funds.hard(call, attempt.target, attempt.payer);
      List<OpenPeriod> open = periods(call, attempt, hard);
      funds.refuseUnpriced(call, attempt, open);
      try {
        Reservation in = Reservation.in(open.stream().map(OpenPeriod::id).toList());
        write(call, attempt, in, hard);
        return true;
      } catch (BudgetGoneException e) {
        return false;
      } catch (BudgetExceededException e) {
        refusals.add(open, e.refusal(), System.nanoTime());
        if (!wait.forRoom(e.refusal())) {
          throw funds.refused(call, open, e.refusal());
        }
      }
    }
  }

  private List<OpenPeriod> periods(Call call, Attempt attempt, boolean hard) {
    if (ledger.goesOnWithout(hard)) {
      return funds.known(call, attempt);
    }
    List<OpenPeriod> open;
    try {
      open = funds.of(call, attempt);
    } catch (LedgerUnavailableException e) {
      if (ledger.mayGoOnWithout(hard)) {
        return funds.known(call, attempt);
      }
      throw e;
    }
    Long nanos = attempt.estimate.charge().nanos();
    BudgetRefusal known = refusals.of(open, nanos == null ? 0 : nanos, System.nanoTime());
    if (known != null) {
      throw funds.refused(call, open, known);
    }
    return open;
  }

  private void write(Call call, Attempt attempt, Reservation reservation, boolean hard) {
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
            attempt.estimate.inputTokens(),
            attempt.estimate.outputTokens(),
            attempt.estimate.charge(),
            reservation,
            clock.instant()),
        hard);
    attempt.opened(id);
  }
}
