package dev.serai.tenant;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which subjects were changed, and when, on a clock that counts the changes. Whoever reads
 * something looks at the clock first; what was changed after that is old, also when the change came
 * while it was being read.
 */
final class ChangeMarks {

  private final AtomicLong clock = new AtomicLong();
  private final AtomicLong last = new AtomicLong();
  private final AtomicLong all = new AtomicLong();
  private final Cache<String, Long> bySubject;

  /**
   * Has no marks yet.
   *
   * @param keep how long a mark is kept: longer than anything that was read
   */
  ChangeMarks(Duration keep) {
    bySubject = Caffeine.newBuilder().expireAfterWrite(keep).executor(Runnable::run).build();
  }

  /** The time now. */
  long now() {
    return clock.get();
  }

  /** What was read of this subject before is old. */
  void mark(String subject) {
    long time = clock.incrementAndGet();
    bySubject.asMap().merge(subject, time, Math::max);
    last.accumulateAndGet(time, Math::max);
  }

  /** Whatever was read before is old. */
  void markAll() {
    long time = clock.incrementAndGet();
    all.accumulateAndGet(time, Math::max);
    last.accumulateAndGet(time, Math::max);
  }

  /** Whether what was read at a time is old, because one of these subjects was changed since. */
  boolean old(long readAt, Iterable<String> subjects) {
    if (readAt >= last.get()) {
      return false;
    }
    if (readAt < all.get()) {
      return true;
    }
    for (String subject : subjects) {
      Long marked = bySubject.getIfPresent(subject);
      if (marked != null && readAt < marked) {
        return true;
      }
    }
    return false;
  }
}
