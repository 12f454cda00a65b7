package dev.serai.route;

import dev.serai.catalog.Provider;
import dev.serai.chat.Failure;
import dev.serai.egress.UpstreamException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * The bounded queue in front of a provider's Throttle. The EIP alone has no bound and lets waiters
 * overtake each other, so they pass through it one by one, in the order they came.
 */
@Component("pace")
final class Pace {

  private static final String PASS = "seraiPass";

  private final ConcurrentHashMap<String, WaitingLine> lines = new ConcurrentHashMap<>();

  /** Waits for this call's turn at the Throttle. */
  public void queue(Exchange exchange) {
    Call call = Call.of(exchange);
    Provider provider = call.attempt().target.provider();
    WaitingLine line = lines.computeIfAbsent(provider.id(), id -> new WaitingLine());
    try {
      switch (line.await(call.startNanos, call.timeLeft(), provider.maxWaiting())) {
        case FULL -> throw new UpstreamException(new Failure.QueueFull(), false);
        case TOO_LATE ->
            throw new UpstreamException(
                new Failure.Timeout(Failure.Timeout.Phase.ALL_ATTEMPTS), false);
        case TURN -> {
          Pass pass = new Pass(line);
          exchange.setProperty(PASS, pass);
          call.atEnd(pass::handOn);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException(new Failure.ClientGone(), false);
    }
  }

  /** Lets the next one through. */
  public void proceed(Exchange exchange) {
    Pass pass = exchange.getProperty(PASS, Pass.class);
    if (pass != null) {
      pass.handOn();
    }
  }

  /** The turn of one call; handed on once, at the latest when the call is over. */
  private static final class Pass {
    private final WaitingLine line;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Pass(WaitingLine line) {
      this.line = line;
    }

    void handOn() {
      if (held.compareAndSet(true, false)) {
        line.handOn();
      }
    }
  }
}
