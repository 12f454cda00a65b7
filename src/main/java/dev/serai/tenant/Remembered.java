package dev.serai.tenant;

import com.github.benmanes.caffeine.cache.CacheLoader;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Look-ups that are remembered until a change makes them old. What is asked for often is looked up
 * anew now and then beside the calls that use it, none of which waits for that. That something does
 * not exist is remembered too, but not for long, so that a flood of wrong names stays cheap.
 */
final class Remembered<V> {

  /** How long something is remembered that nobody asks for. */
  static final Duration KEEP = Duration.ofHours(1);

  private static final Duration RENEW = Duration.ofMinutes(1);
  private static final Duration KEEP_UNKNOWN = Duration.ofSeconds(5);

  /** Of what exists; ten times fewer of what does not. */
  private static final int MOST = 50_000;

  private static final int UNKNOWN_WEIGHT = 10;
  private static final int TRIES = 3;

  private final ChangeMarks marks;
  private final Function<String, @Nullable V> source;
  private final Subjects<V> subjects;
  private final LoadingCache<String, Looked<V>> cache;

  /** Says whose change makes a look-up old. */
  interface Subjects<V> {
    List<String> of(String name, @Nullable V found);
  }

  /**
   * Remembers nothing yet.
   *
   * @param source looks a name up; null for what does not exist
   */
  Remembered(ChangeMarks marks, Function<String, @Nullable V> source, Subjects<V> subjects) {
    this(marks, source, subjects, Ticker.systemTicker());
  }

  Remembered(
      ChangeMarks marks,
      Function<String, @Nullable V> source,
      Subjects<V> subjects,
      Ticker ticker) {
    this.marks = marks;
    this.source = source;
    this.subjects = subjects;
    Expiry<String, Looked<V>> expiry =
        Expiry.writing((name, looked) -> looked.value() == null ? KEEP_UNKNOWN : KEEP);
    cache =
        Caffeine.newBuilder()
            .maximumWeight(MOST)
            .weigher((String name, Looked<V> looked) -> weight(looked))
            .expireAfter(expiry)
            .refreshAfterWrite(RENEW)
            .ticker(ticker)
            .executor(
                Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("look-up-", 0).factory()))
            .buildAsync(new Source())
            .synchronous();
  }

  private static int weight(Looked<?> looked) {
    return looked.value() == null ? UNKNOWN_WEIGHT : 1;
  }

  /** Finds what is remembered, or looks it up; may be old. */
  LoadingCache<String, Looked<V>> cache() {
    return cache;
  }

  /** What there is of this name now. */
  @Nullable V find(String name) {
    return current(name, cache.get(name));
  }

  /** What was found, or what there is in its place if that is old. */
  @Nullable V current(String name, Looked<V> found) {
    Looked<V> looked = found;
    for (int tries = 0; old(looked); tries++) {
      cache.asMap().remove(name, looked);
      looked = tries < TRIES ? cache.get(name) : look(name);
    }
    return looked.value();
  }

  private boolean old(Looked<V> looked) {
    return marks.old(looked.readAt(), looked.subjects());
  }

  private Looked<V> look(String name) {
    long readAt = marks.now();
    V found = source.apply(name);
    return new Looked<>(found, readAt, subjects.of(name, found));
  }

  private final class Source implements CacheLoader<String, Looked<V>> {
    @Override
    public Looked<V> load(String name) {
      return look(name);
    }

    /** What is there serves on while it cannot be looked up, until a change makes it old. */
    @Override
    public Looked<V> reload(String name, Looked<V> before) {
      try {
        return look(name);
      } catch (RuntimeException e) {
        return before;
      }
    }
  }
}
