package dev.serai.route;

import dev.serai.catalog.Target;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.OverBudget;
import dev.serai.telemetry.Meters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Goes on to the next target of a request, and lets operators know that it did. */
@Component
final class Fallbacks {

  private static final Logger LOG = LoggerFactory.getLogger(Fallbacks.class);

  private final Meters meters;
  private final Payers payers;
  private final Estimates estimates;

  Fallbacks(Meters meters, Payers payers, Estimates estimates) {
    this.meters = meters;
    this.payers = payers;
    this.estimates = estimates;
  }

  /**
   * Which of the call's targets may be asked next; their number when there is none. Where a
   * tenant's own account failed, the platform's does not pay in its place; where a budget had no
   * room, only those are asked for which there may be some.
   */
  int after(Call call, Failure failure) {
    int next = call.targetIndex + 1;
    while (next < call.targets.size() && !mayFollow(call, next, failure)) {
      next++;
    }
    return next;
  }

  private boolean mayFollow(Call call, int index, Failure failure) {
    if (call.ownAccountFailed && platformPays(call, index)) {
      return false;
    }
    return !(failure instanceof OverBudget over) || mayFit(call, call.targets.get(index), over);
  }

  private boolean mayFit(Call call, Target target, OverBudget over) {
    boolean elsewhere =
        over.elsewhere() && !target.provider().id().equals(call.target().provider().id());
    return elsewhere || (over.cheaper() && cheaper(call, target));
  }

  /** Whether its estimate is lower; one without a price is no cheaper one. */
  private boolean cheaper(Call call, Target target) {
    Payer payer = payers.of(call.tenant(), target.provider());
    Long theirs = estimates.of(call, target, payer).charge().nanos();
    Long refused = call.attempt().estimate.charge().nanos();
    return theirs != null && (refused == null || theirs < refused);
  }

  private boolean platformPays(Call call, int index) {
    return !(payers.of(call.tenant(), call.targets.get(index).provider()) instanceof Payer.Own);
  }

  /** The next attempt is the first one at the target of that index. */
  void go(Call call, int next, Failure failure) {
    String from = name(call.target());
    call.targetIndex = next;
    call.attemptsAtTarget = 0;
    String to = name(call.target());
    meters.fallback(from, to, failure.type());
    LOG.warn(
        "fallback role={} from={} class={} to={} request={}",
        call.role == null ? "-" : call.role.name(),
        from,
        failure.type(),
        to,
        call.requestId);
  }

  /** Both parts are configured: only lists of the configuration have a second target. */
  private static String name(Target target) {
    return target.id() + "/" + target.modelId();
  }
}
