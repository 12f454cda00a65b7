package dev.serai.recall;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Answers by request, bounded by bytes and age, and the calls that are on their way to become one:
 * whoever comes while a call is in flight joins it.
 */
public final class AnswerCache {

  private static final String ALL = "*";

  private final AsyncCache<CacheKey, StoredAnswer> answers;

  /**
   * Makes an empty cache.
   *
   * @param maxBytes the most bytes to keep
   * @param ttl how long an answer serves
   */
  public AnswerCache(long maxBytes, Duration ttl) {
    answers =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher((CacheKey key, StoredAnswer answer) -> answer.weight())
            .expireAfterWrite(ttl)
            .executor(Runnable::run)
            .buildAsync();
  }

  /** What {@link #join} found. */
  public sealed interface Joined {
    /** The answer is there. */
    record Hit(StoredAnswer answer) implements Joined {}

    /** Somebody else is asking right now. */
    record Follow(Flight flight) implements Joined {}

    /** The caller leads: it must end the flight, whatever happens. */
    record Lead(Flight flight) implements Joined {}

    /** Somebody asks the same but may fall over to other targets: the caller goes alone. */
    record Alone() implements Joined {}
  }

  /**
   * Finds the answer, joins the call that fetches it, or makes the caller the one who does.
   *
   * @param route the targets that the caller may go to, in their order
   */
  public Joined join(CacheKey key, Object route) {
    Flight mine = new Flight(route);
    CompletableFuture<StoredAnswer> there = answers.asMap().putIfAbsent(key, mine);
    if (there == null) {
      return new Joined.Lead(mine);
    }
    StoredAnswer answer = there.isCompletedExceptionally() ? null : there.getNow(null);
    if (answer != null) {
      return new Joined.Hit(answer);
    }
    if (there instanceof Flight flight && !flight.isDone()) {
      return flight.goes(route) ? new Joined.Follow(flight) : new Joined.Alone();
    }
    return new Joined.Lead(mine);
  }

  /** Puts an answer in place of the one that is there. */
  public void refresh(CacheKey key, StoredAnswer answer) {
    answers.synchronous().put(key, answer);
  }

  /**
   * Forgets answers.
   *
   * @param tenantId whose; null = everybody's
   * @param model of which model, as sent to the target; null = all
   * @return how many were forgotten
   */
  public int forget(@Nullable String tenantId, @Nullable String model) {
    int removed = 0;
    for (CacheKey key : answers.synchronous().asMap().keySet()) {
      if ((tenantId == null || tenantId.equals(key.tenantId()))
          && (model == null
              || model.equals(key.model())
              || model.equals(key.target() + "/" + key.model()))
          && answers.synchronous().asMap().remove(key) != null) {
        removed++;
      }
    }
    return removed;
  }

  /** The same choice of answers as one word, for {@link #forget(String)}. */
  public static String choice(@Nullable String tenantId, @Nullable String model) {
    return (tenantId == null ? ALL : tenantId) + "/" + (model == null ? ALL : model);
  }

  /**
   * Forgets answers.
   *
   * @param choice which, as {@link #choice} writes it; what has no slash is everything
   */
  public void forget(String choice) {
    int slash = choice.indexOf('/');
    String tenantId = slash < 0 ? ALL : choice.substring(0, slash);
    String model = slash < 0 ? ALL : choice.substring(slash + 1);
    int unused = forget(tenantId.equals(ALL) ? null : tenantId, model.equals(ALL) ? null : model);
  }

  /** How many answers are kept, roughly. */
  public long size() {
    return answers.synchronous().estimatedSize();
  }

  /** What is kept, in bytes, roughly. */
  public long bytes() {
    return answers.synchronous().policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}
