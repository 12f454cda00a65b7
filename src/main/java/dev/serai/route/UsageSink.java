package dev.serai.route;

import dev.serai.ledger.Outbox;
import dev.serai.ledger.SinkSettings;
import dev.serai.ledger.SinkSettings.Sink;
import dev.serai.ledger.UsageEvent;
import dev.serai.report.UsageEventDocument;
import dev.serai.telemetry.Meters;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/**
 * Takes usage events out of the outbox for the route that publishes them, and forgets those that
 * the broker has. Nothing of a call waits for it. Used by one thread at a time.
 */
@Component("usageSink")
final class UsageSink {

  private static final Logger LOG = LoggerFactory.getLogger(UsageSink.class);

  /** The {@link UsageEvent}s of the exchange. */
  private static final String CLAIMED = "seraiUsageEvents";

  private static final int BATCH = 500;
  private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
  private static final long LONGEST_PAUSE_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long COUNT_NANOS = Duration.ofSeconds(10).toNanos();

  private final Outbox outbox;
  private final Sink sink;

  /** Until the broker has taken one event it is offered one at a time. */
  private boolean proven;

  private long pause = FIRST_PAUSE_NANOS;
  private long notBefore = System.nanoTime();
  private long countedAt = System.nanoTime() - COUNT_NANOS;
  private volatile long waiting;

  UsageSink(Outbox outbox, SinkSettings settings, Meters meters) {
    this.outbox = outbox;
    this.sink = settings.sink();
    if (sink != Sink.NONE) {
      meters.sink(() -> waiting);
    }
  }

  /** Makes the next events the body, as JSON, one text each; none when there are none. */
  public void claim(Exchange exchange) {
    List<UsageEvent> events = idle(exchange) ? List.of() : outbox.claim(proven ? BATCH : 1);
    exchange.setProperty(CLAIMED, events);
    exchange.getMessage().setBody(events.stream().map(UsageEventDocument::of).toList());
  }

  private boolean idle(Exchange exchange) {
    if (sink == Sink.NONE || !exchange.getContext().getStatus().isStarted()) {
      return true;
    }
    if (System.nanoTime() - countedAt >= COUNT_NANOS) {
      countedAt = System.nanoTime();
      waiting = outbox.size();
    }
    return System.nanoTime() - notBefore < 0;
  }

  /** The broker has what {@link #claim} took. */
  public void published(Exchange exchange) {
    outbox.published(claimed(exchange));
    if (!proven) {
      LOG.info("usage events are published");
    }
    proven = true;
    pause = FIRST_PAUSE_NANOS;
  }

  /** The broker does not have it: it stays where it is, and is offered again later. */
  public void failed(Exchange exchange) {
    Exception reason = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    LOG.warn(
        "usage events could not be published, tried again in {} s: class={}",
        Duration.ofNanos(pause).toSeconds(),
        reason == null ? "-" : reason.getClass().getName());
    proven = false;
    notBefore = System.nanoTime() + pause;
    pause = Math.min(2 * pause, LONGEST_PAUSE_NANOS);
    try {
      outbox.release();
      waiting = outbox.size();
    } catch (DataAccessException e) {
      LOG.debug("the time gives back what was taken: class={}", e.getClass().getName());
    }
  }

  @SuppressWarnings("unchecked")
  private static List<UsageEvent> claimed(Exchange exchange) {
    return exchange.getProperty(CLAIMED, List.class);
  }
}
