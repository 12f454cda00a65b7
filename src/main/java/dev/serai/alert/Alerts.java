package dev.serai.alert;

import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import dev.serai.alert.AlertStore.Grant;
import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;

/**
 * Takes what others find while they do something more important: never waits, never fails. It is
 * written down by a timer, and what does not fit in memory until then is dropped and counted.
 */
public final class Alerts {

  private static final Logger LOG = LoggerFactory.getLogger(Alerts.class);

  /** Most findings of a kind that wait, and most different ones of a day. */
  private static final int MOST = 1000;

  /** Callers name models as they like: a day has so many alerts of those without a price. */
  private static final int MOST_UNPRICED = 50;

  /** The subject of the one alert after them. */
  private static final String MORE = "more models";

  /** Those that others find; the first is written first. Of that one none is ever dropped. */
  private static final List<Kind> KINDS =
      List.of(Kind.RECONCILIATION, Kind.COST_DIFFERENCE, Kind.UNPRICED_MODEL);

  private final AlertStore store;
  private final Meters meters;
  private final Clock clock;
  private final DatabaseWatch database = new DatabaseWatch("alerts are not written");
  private final Map<Kind, Queue<Found>> queues = new EnumMap<>(Kind.class);
  private volatile Day seen = new Day(LocalDate.MIN, Map.of());

  private record Found(Kind kind, String subject, Map<String, String> details, Instant at) {}

  private record Day(LocalDate date, Map<Kind, Set<String>> subjects) {}

  Alerts(AlertStore store, Meters meters, Clock clock) {
    this(store, meters, clock, MOST);
  }

  /** One that holds another number of findings of each kind. */
  Alerts(AlertStore store, Meters meters, Clock clock, int most) {
    this.store = store;
    this.meters = meters;
    this.clock = clock;
    for (Kind kind : KINDS) {
      queues.put(
          kind,
          kind == Kind.RECONCILIATION
              ? new ConcurrentLinkedQueue<>()
              : new ArrayBlockingQueue<>(most));
    }
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
    Set<String> told = today(now).get(kind);
    Queue<Found> queue = queues.get(kind);
    if (told == null || queue == null) {
      throw new IllegalArgumentException(kind + " is found by the alerts themselves");
    }
    if (told.contains(subject)) {
      return;
    }
    boolean room = told.size() < MOST || kind == Kind.RECONCILIATION;
    if (!room || !queue.offer(new Found(kind, subject, details, now))) {
      meters.alertDropped();
      return;
    }
    told.add(subject);
  }

  private Map<Kind, Set<String>> today(Instant now) {
    LocalDate date = now.atOffset(ZoneOffset.UTC).toLocalDate();
    Day day = seen;
    if (!day.date.equals(date)) {
      day =
          new Day(
              date,
              KINDS.stream()
                  .collect(
                      Collectors.toUnmodifiableMap(
                          kind -> kind, kind -> ConcurrentHashMap.newKeySet())));
      seen = day;
    }
    return day.subjects;
  }

  /** Writes down what was found. What cannot be written now is written the next time. */
  public synchronized void write() {
    for (Kind kind : KINDS) {
      if (!write(Objects.requireNonNull(queues.get(kind)))) {
        return;
      }
    }
  }

  private boolean write(Queue<Found> queue) {
    Found next = queue.peek();
    while (next != null) {
      Found found = next;
      if (!database.ask(() -> fire(found), false)) {
        return false;
      }
      queue.remove();
      next = queue.peek();
    }
    return true;
  }

  /** Whether it is done with; one that the database will never take is, too. */
  private boolean fire(Found found) {
    Finding finding =
        finding(found, found.subject, Wording.found(found.kind, found.subject, found.details));
    try {
      store.fire(isTooMuch(finding) ? more(found) : finding, Grant.NONE, found.at);
    } catch (DataIntegrityViolationException e) {
      meters.alertDropped();
      LOG.error("an alert of kind {} does not fit its table", finding.kind().label());
    }
    return true;
  }

  private boolean isTooMuch(Finding finding) {
    return finding.kind() == Kind.UNPRICED_MODEL
        && !store.fired(finding, Grant.NONE)
        && store.count(Kind.UNPRICED_MODEL, finding.periodStart()) >= MOST_UNPRICED;
  }

  private static Finding more(Found found) {
    return finding(found, MORE, Wording.more(MOST_UNPRICED));
  }

  private static Finding finding(Found found, String subject, String message) {
    return new Finding(
        found.kind,
        subject,
        "day",
        found.at.atOffset(ZoneOffset.UTC).toLocalDate().atStartOfDay(ZoneOffset.UTC).toInstant(),
        0,
        message,
        found.details);
  }
}
