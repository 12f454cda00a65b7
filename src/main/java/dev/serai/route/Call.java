package dev.serai.route;

import dev.serai.catalog.Role;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.ModelRequest;
import dev.serai.dialect.Operation;
import dev.serai.dialect.OutputFormat;
import dev.serai.limit.Hold;
import dev.serai.limit.Standing;
import dev.serai.recall.Answer;
import dev.serai.recall.CacheKey;
import dev.serai.recall.Flight;
import dev.serai.tenant.GatewayKey;
import dev.serai.tenant.Tenant;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
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

  /** What is asked of the model. */
  Operation operation = Operation.CHAT;

  /** What the entry was told beside the body. */
  @Nullable String hintedRole;

  @Nullable String promptVersion;
  @Nullable String conversationId;

  boolean noStore;
  boolean refresh;

  /** Whether it reads or deletes something of the gateway's own: no provider is to answer it. */
  boolean query;

  @Nullable Tenant tenant;

  /** The key that was presented; null for what did not come by HTTP. */
  @Nullable GatewayKey key;

  @Nullable ModelRequest request;
  @Nullable String requestModel;
  @Nullable Role role;
  List<Target> targets = List.of();
  @Nullable BigDecimal addedTemperature;

  /** The conversation that the request goes on with; null when it names none. */
  @Nullable ConversationTurn turn;

  /** What the answer is checked against; null when it is not. */
  @Nullable OutputFormat outputFormat;

  /** How often the model was told what is wrong with its answer. */
  int corrections;

  CacheState cacheState = CacheState.BYPASS;
  @Nullable CacheKey cacheKey;
  @Nullable Flight flight;

  /** What an embeddings request has got so far; null for a chat. */
  @Nullable EmbeddingParts parts;

  /** From now on only targets that the tenant pays for itself may be asked. */
  boolean ownAccountFailed;

  int attempts;
  int attemptsAtTarget;
  int targetIndex;
  @Nullable Attempt attempt;
  @Nullable Attempt answeredBy;
  final List<Failure> failures = new ArrayList<>(0);

  @Nullable RuntimeException givenUp;

  @Nullable Answer answer;

  /** Sees the events of a streamed answer before the last of them goes out; null for most. */
  @Nullable Consumer<List<byte[]>> beforeLastEvent;

  @Nullable ApiError error;

  /** Requests that were taken of its limits. */
  final List<Hold> holds = new ArrayList<>(0);

  /** Whether a limit or a budget refused it, and which limit; null when it was one of places. */
  boolean limited;

  @Nullable Standing refusedBy;

  /** Whether a call for it has left. */
  boolean sent;

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

  /** Time for one attempt: what is left, and no more than the role allows. */
  Duration attemptTime() {
    Duration left = timeLeft();
    Duration most = role == null ? null : role.timeout();
    return most == null || left.compareTo(most) < 0 ? left : most;
  }

  ModelRequest request() {
    if (request == null) {
      throw new IllegalStateException("the request is read in the select stage");
    }
    return request;
  }

  /** The request of a chat. */
  ChatRequest chat() {
    if (request() instanceof ChatRequest chat) {
      return chat;
    }
    throw new IllegalStateException("this is no chat");
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

  /** From here on the request tells the model what is wrong with its answer. */
  void correct(Correction correction) {
    corrections++;
    request = chat().followedBy(correction.messages());
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
