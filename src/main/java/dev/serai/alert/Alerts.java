package dev.serai.alert;

import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Takes what others find while they do something more important: never waits, never fails. It is
 * written down by a timer, and what does not fit in memory until then is dropped and counted.
 */
public final class Alerts {

  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

  /** Most findings that wait, and most different ones of a day. */
  private static final int MOST = 1000;

  private final AlertStore store;
  private final Meters meters;
  private final Clock clock;
  private final DatabaseWatch database = new DatabaseWatch("alerts are not written");
  private final int most;
  private final BlockingQueue<Found> queue;
  private volatile Day seen = new Day(LocalDate.MIN, Set.of());

  private record Found(Kind kind, String subject, Map<String, String> details, Instant at) {}

  private record About(Kind kind, String subject) {}

  private record Day(LocalDate date, Set<About> abouts) {}

  Alerts(AlertStore store, Meters meters, Clock clock) {
    this(store, meters, clock, MOST);
  }

  /** One that holds another number of findings. */
  Alerts(AlertStore store, Meters meters, Clock clock, int most) {
    this.store = store;
    this.meters = meters;
    this.clock = clock;
    this.most = most;
    queue = new ArrayBlockingQueue<>(most);
  }

  /**
   * Tells operators of something, once for each kind and subject on a day (UTC).
   *
   * @param kind {@code UNPRICED_MODEL}, {@code COST_DIFFERENCE} or {@code RECONCILIATION}
   * @param subject of what, such as {@code openai/gpt-4o}
   * @param details names and values for machines, and for the message where it has no words of its
   *     own; of a {@code COST_DIFFERENCE} {@code computed_usd} and {@code provider_usd}. Never a
   *     secret or a prompt
   */
  public void raise(Kind kind, String subject, Map<String, String> details) {
    Instant now = clock.instant();
    Set<About> today = today(now);
    About about = new About(kind, subject);
    if (today.contains(about)) {
      return;
    }
    if (today.size() >= most || !queue.offer(new Found(kind, subject, details, now))) {
      meters.alertDropped();
      return;
    }
    today.add(about);
  }

  private Set<About> today(Instant now) {
    LocalDate date = now.atOffset(ZoneOffset.UTC).toLocalDate();
    Day day = seen;
    if (!day.date.equals(date)) {
      day = new Day(date, ConcurrentHashMap.newKeySet());
      seen = day;
    }
    return day.abouts;
  }

  /** Writes down what was found. What cannot be written now is written the next time. */
  public synchronized void write() {
    Found next = queue.peek();
    while (next != null) {
      Finding finding = finding(next);
      Instant at = next.at;
      if (!database.ask(() -> fire(finding, at), false)) {
        return;
      }
      queue.remove();
      next = queue.peek();
    }
  }

  /** Whether it is done with; one that the database will never take is, too. */
  private boolean fire(Finding finding, Instant at) {
    try {
      store.fire(finding, at);
    } catch (DataIntegrityViolationException e) {
      meters.alertDropped();
      LOG.error("an alert of kind {} does not fit its table", finding.kind().label());
    }
    return true;
  }

  private static Finding finding(Found found) {
    return new Finding(
        found.kind,
        found.subject,
        "day",
        found.at.atOffset(ZoneOffset.UTC).toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant(),
        0,
        Wording.found(found.kind, found.subject, found.details),
        found.details);
  }
}
