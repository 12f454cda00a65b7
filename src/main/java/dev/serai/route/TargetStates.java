package dev.serai.route;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** How the latest calls to each target went, since the start of this process. */
@Component
final class TargetStates {

  /** What says nothing about the target: it was not asked, or the caller was at fault or left. */
  private static final Set<String> NOT_ITS_OWN =
      Set.of(
          "client_gone",
          "refused",
          "breaker_open",
          "queue_full",
          "limited",
          "over_budget",
          "internal",
          "credential_changed");

  /**
   * The latest of both; null as long as there was none.
   *
   * @param lastError its class
   */
  record Seen(
      @Nullable Instant lastSuccess, @Nullable String lastError, @Nullable Instant lastErrorAt) {}

  private static final Seen NOTHING = new Seen(null, null, null);

  private static final class Latest {
    private volatile long successMillis;
    private volatile @Nullable Fault fault;
  }

  private record Fault(String type, Instant at) {}

  private final Map<String, Latest> byTarget = new ConcurrentHashMap<>();
  private final Clock clock;

  TargetStates(Clock clock) {
    this.clock = clock;
  }

  /**
   * A call ended.
   *
   * @param errorType the failure's type; null when it was answered
   */
  void ended(String target, @Nullable String errorType) {
    if (errorType != null && NOT_ITS_OWN.contains(errorType)) {
      return;
    }
    Latest known = byTarget.get(target);
    Latest latest = known == null ? byTarget.computeIfAbsent(target, id -> new Latest()) : known;
    if (errorType == null) {
      latest.successMillis = clock.millis();
    } else {
      latest.fault = new Fault(errorType, clock.instant());
    }
  }

  /** What was seen of a target. */
  Seen seen(String target) {
    Latest latest = byTarget.get(target);
    if (latest == null) {
      return NOTHING;
    }
    long success = latest.successMillis;
    Fault fault = latest.fault;
    return new Seen(
        success == 0 ? null : Instant.ofEpochMilli(success),
        fault == null ? null : fault.type(),
        fault == null ? null : fault.at());
  }
}
