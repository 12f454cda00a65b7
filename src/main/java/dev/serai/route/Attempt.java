package dev.serai.route;

import dev.serai.catalog.Target;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.ModelRequest;
import dev.serai.egress.BedrockUpstream.Ask;
import dev.serai.ledger.Charge;
import dev.serai.ledger.RowState;
import dev.serai.ledger.Settlement;
import dev.serai.limit.Hold;
import dev.serai.policy.Cost;
import dev.serai.recall.StoredAnswer;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** One call to one target, and the ledger row that stands for it. Settled exactly once. */
final class Attempt {

  final Target target;
  final int number;
  final ModelRequest request;
  final byte[] body;
  final Estimate estimate;
  private final AtomicBoolean settled = new AtomicBoolean();
  private volatile long startNanos = System.nanoTime();
  private volatile long firstByteNanos;
  private volatile @Nullable Settlement settlement;

  /** What a whole answer says; null until there is one. */
  volatile @Nullable AnswerFacts facts;

  /** Whose account the call is billed on. */
  Payer payer = new Payer.Platform();

  /** The Converse request, while Camel's component makes it. */
  @Nullable Ask ask;

  /** A streamed answer that was gathered to be checked, once it is there. */
  @Nullable Gathered gathered;

  /** What the model is to be told about its answer; null when nothing is wrong with it. */
  @Nullable Correction correction;

  /**
   * A stream that has ended.
   *
   * @param whole whether it ended well enough to be kept
   */
  record Gathered(StoredAnswer answer, boolean whole) {}

  /** What it took of its limits; null when there are none. */
  @Nullable Hold hold;

  /** Leaves the provider's place; null when there are as many as are wanted. */
  @Nullable Runnable leave;

  /** The ledger row; 0 until it is durable. */
  volatile long rowId;

  Attempt(Target target, int number, ModelRequest request, byte[] body, Estimate estimate) {
    this.target = target;
    this.number = number;
    this.request = request;
    this.body = body;
    this.estimate = estimate;
  }

  /** What a usage costs by the list: what the provider should say too. */
  Cost listCost(Usage usage) {
    return estimate.pricing().listCost(usage);
  }

  /** The row is durable and the call leaves now. */
  void opened(long id) {
    rowId = id;
    startNanos = System.nanoTime();
  }

  void firstByte() {
    if (firstByteNanos == 0) {
      firstByteNanos = System.nanoTime();
    }
  }

  /** It did not leave: what it took of its limits goes back. */
  void release() {
    release(Usage.NONE, false);
  }

  /** Its limits are charged with what it used. */
  void release(Usage usage, boolean sent) {
    if (hold != null) {
      hold.settle(usage.inputTokens() + usage.outputTokens(), sent);
    }
    if (leave != null) {
      leave.run();
    }
  }

  /** Puts its settlement where the settle route looks for it. */
  void publish(Exchange exchange) {
    exchange.setVariable(Variables.SETTLEMENT, settlement);
  }

  /** How it ended, once known. */
  @Nullable Settlement settlement() {
    return settlement;
  }

  /**
   * What was not sent, or was refused before anything was generated, costs nothing at any price.
   */
  private static boolean free(RowState state, Usage usage) {
    return state == RowState.NOT_SENT || (state == RowState.FAILED && usage.equals(Usage.NONE));
  }

  /** Ends the attempt; null when there is no row or it has ended before. */
  @Nullable Settlement settle(
      RowState state,
      @Nullable String errorType,
      @Nullable Integer httpStatus,
      @Nullable String responseModel,
      List<String> finishReasons,
      Usage usage,
      Clock clock) {
    if (rowId == 0 || !settled.compareAndSet(false, true)) {
      return null;
    }
    long now = System.nanoTime();
    Settlement result =
        new Settlement(
            rowId,
            state,
            errorType,
            httpStatus,
            responseModel,
            finishReasons.isEmpty() ? null : String.join(",", finishReasons),
            usage,
            free(state, usage) ? Charge.NOTHING : estimate.pricing().charge(usage),
            firstByteNanos == 0 ? null : (Long) ((firstByteNanos - startNanos) / 1000),
            (now - startNanos) / 1000,
            clock.instant());
    settlement = result;
    return result;
  }
}
