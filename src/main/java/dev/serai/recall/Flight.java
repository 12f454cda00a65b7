package dev.serai.recall;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One call on its way, and whoever waits for the same answer. Completes with the answer to keep,
 * with null when the answer is not to be kept, or with the leader's failure.
 */
public final class Flight extends CompletableFuture<StoredAnswer> {

  private final Object route;
  private volatile CompletableFuture<Landing> landing = new CompletableFuture<>();

  /**
   * A call that is about to be made.
   *
   * @param route where it may go; only who would go the same way may follow
   */
  Flight(Object route) {
    this.route = route;
  }

  boolean goes(Object sameRoute) {
    return route.equals(sameRoute);
  }

  /** What followers get as soon as the leader has it. */
  public sealed interface Landing {
    /** The complete answer. */
    record Whole(StoredAnswer answer) implements Landing {}

    /** The target refused the request as it stands; it would refuse it again. */
    record Refused(Answer.Refusal refusal) implements Landing {}

    /** A stream that has begun; followers read it from its first event. */
    record Live(SharedStream stream, String target, String model) implements Landing {}

    /** Nothing, for a reason that is the leader's alone: somebody else may lead. */
    record Nothing() implements Landing {}
  }

  /** The leader's stream has begun. */
  public void live(SharedStream stream, String target, String model) {
    landing.complete(new Landing.Live(stream, target, model));
  }

  /** The leader has the complete answer; {@code keep} says whether it may serve later requests. */
  public void landed(StoredAnswer answer, boolean keep) {
    Landing whole = new Landing.Whole(answer);
    if (!landing.complete(whole)) {
      // What is kept must not hold on to the connection that the stream came through.
      landing = CompletableFuture.completedFuture(whole);
    }
    complete(keep ? answer : null);
  }

  /** The target refused the leader's request; nothing is kept. */
  public void refused(Answer.Refusal refusal) {
    landing.complete(new Landing.Refused(refusal));
    complete(null);
  }

  /** A stream that had begun will not become an answer to keep. */
  public void broke() {
    complete(null);
  }

  /** The leader was turned away for what holds for it and perhaps for no follower. */
  public void turnedAway() {
    if (!landing.isDone()) {
      complete(null);
      landing.complete(new Landing.Nothing());
    }
  }

  /** The leader failed before it had anything; followers get the same error. */
  public void failed(RuntimeException failure) {
    if (landing.completeExceptionally(failure)) {
      complete(null);
    }
  }

  /**
   * Waits for the leader.
   *
   * @return null when {@code atMost} went by
   * @throws RuntimeException the leader's failure
   */
  public @Nullable Landing await(Duration atMost) {
    try {
      return landing.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
