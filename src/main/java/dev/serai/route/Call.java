package dev.serai.route;

import dev.serai.catalog.Role;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.dialect.ChatRequest;
import dev.serai.recall.Answer;
import dev.serai.recall.CacheKey;
import dev.serai.recall.Flight;
import dev.serai.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One request on its way through the pipeline: what each stage found out, for the stages after it.
 * Belongs to the thread that carries the exchange; {@link #end} may come from any.
 */
final class Call {

  /** How the answer cache took part. */
  enum CacheState {
    HIT,
    SHARED,
    MISS,
    BYPASS;

    final String label = name().toLowerCase(Locale.ROOT);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Call.class);

  final String requestId;
  final String entryName;
  final long startNanos;
  private final long deadlineNanos;
  private final List<Runnable> atEnd = new ArrayList<>(3);
  private boolean ended;

  /** What the entry was told beside the body. */
  @Nullable String hintedRole;

  @Nullable String promptVersion;
  boolean noStore;
  boolean refresh;

  @Nullable Tenant tenant;
  @Nullable ChatRequest request;
  @Nullable String requestModel;
  @Nullable Role role;
  List<Target> targets = List.of();
  @Nullable BigDecimal addedTemperature;

  CacheState cacheState = CacheState.BYPASS;
  @Nullable CacheKey cacheKey;
  @Nullable Flight flight;

  int attempts;
  int attemptsAtTarget;
  int targetIndex;
  @Nullable Attempt attempt;
  @Nullable Attempt answeredBy;
  final List<Failure> failures = new ArrayList<>(0);

  @Nullable RuntimeException givenUp;

  @Nullable Answer answer;
  @Nullable ApiError error;

  Call(String requestId, String entryName, Duration deadline) {
    this(requestId, entryName, deadline, System.nanoTime());
  }

  Call(String requestId, String entryName, Duration deadline, long startNanos) {
    this.requestId = requestId;
    this.entryName = entryName;
    this.startNanos = startNanos;
    this.deadlineNanos = startNanos + deadline.toNanos();
  }

  /** The call that an exchange carries. */
  static Call of(Exchange exchange) {
    Call call = exchange.getVariable(Variables.CALL, Call.class);
    if (call == null) {
      throw new IllegalStateException("this route is for exchanges that came through an entry");
    }
    return call;
  }

  /** Time left for the request; zero or less when it is over. */
  Duration timeLeft() {
    return Duration.ofNanos(deadlineNanos - System.nanoTime());
  }

  ChatRequest request() {
    if (request == null) {
      throw new IllegalStateException("the request is read in the select stage");
    }
    return request;
  }

  Tenant tenant() {
    if (tenant == null) {
      throw new IllegalStateException("the tenant is known after the authenticate stage");
    }
    return tenant;
  }

  Target target() {
    return targets.get(targetIndex);
  }

  Attempt attempt() {
    if (attempt == null) {
      throw new IllegalStateException("no attempt has begun");
    }
    return attempt;
  }

  String roleName() {
    return role == null ? "" : role.name();
  }

  /** Runs when the request is over, after the last byte of its answer. Late comers run at once. */
  void atEnd(Runnable action) {
    synchronized (this) {
      if (!ended) {
        atEnd.add(action);
        return;
      }
    }
    action.run();
  }

  /** The request is over. */
  void end() {
    List<Runnable> actions;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      actions = List.copyOf(atEnd);
    }
    for (Runnable action : actions) {
      try {
        action.run();
      } catch (RuntimeException e) {
        LOG.error("end of request={} class={}", requestId, e.getClass().getName());
      }
    }
  }
}
