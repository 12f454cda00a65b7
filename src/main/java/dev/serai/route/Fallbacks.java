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

  Fallbacks(Meters meters) {
    this.meters = meters;
  }

  /** The next attempt is the first one at the next target; there must be one. */
  void next(Call call, Failure failure) {
    String from = name(call.target());
    call.targetIndex++;
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
