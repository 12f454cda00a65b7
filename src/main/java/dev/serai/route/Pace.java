package dev.serai.route;

import dev.serai.catalog.Provider;
import dev.serai.chat.Failure;
import dev.serai.egress.UpstreamException;
import dev.serai.limit.FairLine;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.springframework.stereotype.Component;

/**
 * The bounded queue in front of a provider's Throttle. The EIP alone has no bound and lets waiters
 * overtake each other, so they pass through it one by one, the tenants in turn.
 */
@Component("pace")
final class Pace {

  private static final String PASS = "seraiPass";

  private final ConcurrentHashMap<String, FairLine> lines = new ConcurrentHashMap<>();

  /** Waits for this call's turn at the Throttle. */
  public void queue(Exchange exchange) {
    Call call = Call.of(exchange);
    Provider provider = call.attempt().target.provider();
    FairLine line =
        lines.computeIfAbsent(
            provider.id(), id -> new FairLine(1, provider.maxWaiting(), provider.maxWaiting()));
    boolean http = call.entryName.equals("http");
    switch (line.enter(call.tenant().id(), http, call.startNanos, call.timeLeft())) {
      case FULL -> throw new UpstreamException(new Failure.QueueFull(), false);
      case TOO_LATE ->
          throw new UpstreamException(
              Thread.currentThread().isInterrupted()
                  ? new Failure.ClientGone()
                  : new Failure.Timeout(Failure.Timeout.Phase.ALL_ATTEMPTS),
              false);
      case IN -> {
        Pass pass = new Pass(line);
        exchange.setProperty(PASS, pass);
        call.atEnd(pass::handOn);
      }
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
    private final FairLine line;
    private final AtomicBoolean held = new AtomicBoolean(true);

    Pass(FairLine line) {
      this.line = line;
    }

    void handOn() {
      if (held.compareAndSet(true, false)) {
        line.leave();
      }
    }
  }
}
