package dev.serai.policy;

import dev.serai.chat.Failure;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What to do after a failed attempt.
 *
 * @param maxRetries repetitions at one target, 0 or more
 * @param baseDelay the pause before the first repetition, doubled for each further one
 * @param maxDelay the longest pause
 */
public record Retrying(int maxRetries, Duration baseDelay, Duration maxDelay) {

  /** The verdict. */
  public sealed interface Verdict {
    /** The same target again, after a pause. */
    record Again(Duration after) implements Verdict {}

    /** The next target of the list, if there is one. */
    record NextTarget() implements Verdict {}

    /** No target would do better. */
    record GiveUp() implements Verdict {}
  }

  /**
   * Decides.
   *
   * @param failure how the attempt ended
   * @param attemptsAtTarget how many attempts this target has had, 1 or more
   * @param jitter from 0 (inclusive) to 1: spreads the pause by a fifth to either side
   * @param timeLeft for the whole request
   */
  public Verdict after(Failure failure, int attemptsAtTarget, double jitter, Duration timeLeft) {
    if (timeLeft.isNegative() || timeLeft.isZero()) {
      return new Verdict.GiveUp();
    }
    return switch (failure) {
      case Failure.RateLimited limited ->
          again(attemptsAtTarget, jitter, timeLeft, limited.retryAfter());
      case Failure.Timeout timeout when timeout.phase() == Failure.Timeout.Phase.ALL_ATTEMPTS ->
          new Verdict.GiveUp();
      case Failure.Timeout t -> again(attemptsAtTarget, jitter, timeLeft, null);
      case Failure.Network n -> again(attemptsAtTarget, jitter, timeLeft, null);
      case Failure.ServerError s -> again(attemptsAtTarget, jitter, timeLeft, null);
      case Failure.CredentialChanged c ->
          attemptsAtTarget > maxRetries + 1
              ? new Verdict.NextTarget()
              : new Verdict.Again(Duration.ZERO);
      case Failure.OwnAccount own -> after(own.failure(), attemptsAtTarget, jitter, timeLeft);
      case Failure.Unreadable u -> new Verdict.NextTarget();
      case Failure.InvalidOutput invalid ->
          invalid.again() ? new Verdict.Again(Duration.ZERO) : new Verdict.GiveUp();
      case Failure.InvalidKey k -> new Verdict.NextTarget();
      case Failure.QuotaExceeded q -> new Verdict.NextTarget();
      case Failure.NotFound n -> new Verdict.NextTarget();
      case Failure.Unsuited u -> new Verdict.NextTarget();
      case Failure.Limited l -> new Verdict.NextTarget();
      case Failure.OverBudget over ->
          over.cheaper() || over.elsewhere() ? new Verdict.NextTarget() : new Verdict.GiveUp();
      case Failure.BreakerOpen b -> new Verdict.NextTarget();
      case Failure.QueueFull q -> new Verdict.NextTarget();
      case Failure.Refused r -> new Verdict.GiveUp();
      case Failure.ClientGone c -> new Verdict.GiveUp();
      case Failure.AllTargetsFailed a -> new Verdict.GiveUp();
    };
  }

  private Verdict again(
      int attemptsAtTarget, double jitter, Duration timeLeft, @Nullable Duration retryAfter) {
    if (attemptsAtTarget > maxRetries) {
      return new Verdict.NextTarget();
    }
    Duration pause = retryAfter != null ? retryAfter : backoff(attemptsAtTarget, jitter);
    return pause.compareTo(timeLeft) < 0 ? new Verdict.Again(pause) : new Verdict.NextTarget();
  }

  private Duration backoff(int attemptsAtTarget, double jitter) {
    long base = baseDelay.toNanos();
    long doubled = base << Math.min(attemptsAtTarget - 1, 20);
    long spread = (long) (doubled * (0.8 + 0.4 * jitter));
    return Duration.ofNanos(Math.min(spread, maxDelay.toNanos()));
  }
}
