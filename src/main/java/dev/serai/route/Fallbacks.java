package dev.serai.route;

import dev.serai.catalog.Target;
import dev.serai.chat.Failure;
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

  Fallbacks(Meters meters, Payers payers) {
    this.meters = meters;
    this.payers = payers;
  }

  /**
   * Which of the call's targets may be asked next; their number when there is none. Where a
   * tenant's own account failed, the platform's does not pay in its place.
   */
  int after(Call call) {
    int next = call.targetIndex + 1;
    while (next < call.targets.size() && call.ownAccountFailed && platformPays(call, next)) {
      next++;
    }
    return next;
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
