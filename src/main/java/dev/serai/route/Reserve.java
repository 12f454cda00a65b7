package dev.serai.route;

import dev.serai.budget.BudgetProperties;
import dev.serai.budget.OpenPeriod;
import dev.serai.catalog.Target;
import dev.serai.ledger.BudgetExceededException;
import dev.serai.ledger.BudgetGoneException;
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

  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final long LONGEST_PAUSE_MILLIS = 250;
  private static final int MOST_GONE = 5;

  private final Ledger ledger;
  private final Admit admit;
  private final Funds funds;
  private final Duration patience;
  private final Clock clock;

  Reserve(Ledger ledger, Admit admit, Funds funds, BudgetProperties settings, Clock clock) {
    this.ledger = ledger;
    this.admit = admit;
    this.funds = funds;
    this.patience = settings.patience();
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

  /**
   * Comes again for a while where there would be room if calls under way turned out to cost less
   * than was reserved for them.
   */
  private void open(Call call, Attempt attempt) {
    long giveUp = System.nanoTime() + Math.min(patience.toNanos(), call.timeLeft().toNanos());
    long pause = FIRST_PAUSE_MILLIS;
    for (int gone = 0; ; ) {
      boolean hard = funds.hard(call, attempt.target, attempt.payer);
      List<OpenPeriod> open =
          ledger.goesOnWithout(hard) ? funds.known(call, attempt) : funds.of(call, attempt);
      funds.refuseUnpriced(call, attempt, open);
      try {
        Reservation in = Reservation.in(open.stream().map(OpenPeriod::id).toList());
        write(call, attempt, in, hard);
        return;
      } catch (BudgetGoneException e) {
        if (++gone > MOST_GONE) {
          throw new LedgerUnavailableException("budgets change faster than they can be read", e);
        }
        funds.refresh();
      } catch (BudgetExceededException e) {
        if (!e.refusal().mayFitSoon() || System.nanoTime() + pause * 1_000_000 > giveUp) {
          throw funds.refused(call, open, e.refusal());
        }
        sleep(pause);
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LedgerUnavailableException("interrupted while waiting for a budget", e);
    }
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
