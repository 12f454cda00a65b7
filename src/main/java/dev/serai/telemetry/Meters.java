package dev.serai.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** The meters of Serai's own, all below {@code serai.}; the only place that names them. */
@Component
public final class Meters {

  private final MeterRegistry registry;
  private final Map<RequestKey, Timer> requests = new ConcurrentHashMap<>();
  private final Map<AttemptKey, Counter> attempts = new ConcurrentHashMap<>();

  private final Map<String, Counter> unpriced = new ConcurrentHashMap<>();
  private final Counter cacheHits;
  private final Counter cacheMisses;
  private final Counter reconciliationDifferences;

  private record RequestKey(String entry, String cache, int status) {}

  private record AttemptKey(String target, String outcome) {}

  /** Registers with the application's registry. */
  public Meters(MeterRegistry registry) {
    this.registry = registry;
    cacheHits = registry.counter("serai.cache.hits");
    cacheMisses = registry.counter("serai.cache.misses");
    reconciliationDifferences = registry.counter("serai.reconciliation.differences");
    FunctionCounter.builder("serai.redactions", Redactor.ofProcess(), Redactor::redactions)
        .register(registry);
  }

  /** A request is over: {@code serai.requests} by entry, cache state and status. */
  public void request(String entry, String cache, int status, long nanos) {
    RequestKey key = new RequestKey(entry, cache, status);
    Timer timer = requests.get(key);
    if (timer == null) {
      timer =
          requests.computeIfAbsent(
              key,
              k ->
                  Timer.builder("serai.requests")
                      .tag("entry", k.entry)
                      .tag("cache", k.cache)
                      .tag("status", Integer.toString(k.status))
                      .register(registry));
    }
    timer.record(nanos, TimeUnit.NANOSECONDS);
  }

  /** The answer cache had the answer. */
  public void cacheHit() {
    cacheHits.increment();
  }

  /** The answer cache did not have the answer. */
  public void cacheMiss() {
    cacheMisses.increment();
  }

  /** An attempt at a target ended: {@code answered}, or the failure's type. */
  public void attempt(String target, String outcome) {
    AttemptKey key = new AttemptKey(target, outcome);
    Counter counter = attempts.get(key);
    if (counter == null) {
      counter =
          attempts.computeIfAbsent(
              key,
              k ->
                  Counter.builder("serai.attempts")
                      .tag("target", k.target)
                      .tag("outcome", k.outcome)
                      .register(registry));
    }
    counter.increment();
  }

  /**
   * A request went on to the next target of its list.
   *
   * @param failure the type of what made it do so
   */
  public void fallback(String from, String to, String failure) {
    registry.counter("serai.fallbacks", "from", from, "to", to, "class", failure).increment();
  }

  /** A provider's own cost was more than one per cent away from the computed one. */
  public void costDeviation(String target) {
    registry.counter("serai.cost.deviations", "target", target).increment();
  }

  /** Something that an operator should have been told was forgotten. */
  public void alertDropped() {
    registry.counter("serai.alerts.dropped").increment();
  }

  /** An attempt to deliver an alert by a channel ended: {@code delivered} or {@code failed}. */
  public void alertDelivery(String channel, String outcome) {
    registry.counter("serai.alerts.deliveries", "channel", channel, "outcome", outcome).increment();
  }

  /** A limit of a scope refused something, by what it counts. */
  public void limited(String scope, String measure) {
    registry.counter("serai.limits.refused", "scope", scope, "measure", measure).increment();
  }

  /** A budget of a scope had no room for a call. */
  public void overBudget(String scope) {
    registry.counter("serai.budget.refused", "scope", scope).increment();
  }

  /** Registers whether limits are counted in Redis (1), or shared out among replicas (0). */
  public void redis(BooleanSupplier used) {
    Gauge.builder("serai.limits.redis", used, u -> u.getAsBoolean() ? 1 : 0)
        .strongReference(true)
        .register(registry);
  }

  /**
   * Registers how the ledger copes with its database.
   *
   * @param unwritten settlements that are in the journal only
   * @param rows rows that are in the journal only
   * @param away whether the database is away
   */
  public void ledger(IntSupplier unwritten, IntSupplier rows, BooleanSupplier away) {
    gauge("serai.ledger.unwritten", unwritten::getAsInt);
    gauge("serai.ledger.away.rows", rows::getAsInt);
    gauge("serai.ledger.away", () -> away.getAsBoolean() ? 1 : 0);
  }

  /** Registers how many usage events wait for the broker, those of all replicas. */
  public void sink(LongSupplier waiting) {
    gauge("serai.sink.waiting", waiting::getAsLong);
  }

  private void gauge(String name, Supplier<Number> value) {
    Gauge.builder(name, value).strongReference(true).register(registry);
  }

  /** A call was made whose model has no price. Callers name the models, so they are no tag. */
  public void unpriced(String target) {
    Counter counter = unpriced.get(target);
    if (counter == null) {
      counter =
          unpriced.computeIfAbsent(target, t -> registry.counter("serai.unpriced", "target", t));
    }
    counter.increment();
  }

  /** Sums and rows of the ledger were compared: {@code serai.reconciliation.differences}. */
  public void reconciled(long differences) {
    reconciliationDifferences.increment((double) differences);
  }
}
