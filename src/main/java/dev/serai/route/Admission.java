package dev.serai.route;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A number of places, and a bounded queue of those who wait for one in the order they came. */
final class Admission {

  private final Semaphore places;
  private final int queue;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * Makes the places.
   *
   * @param places 1 or more
   * @param queue how many may wait, 0 or more
   */
  Admission(int places, int queue) {
    this.places = new Semaphore(places, true);
    this.queue = queue;
  }

  /** Takes a place, waiting at most so long; false when the queue or the patience is at its end. */
  boolean enter(Duration atMost) {
    if (waiting.get() == 0 && places.tryAcquire()) {
      return true;
    }
    if (waiting.incrementAndGet() > queue) {
      waiting.decrementAndGet();
      return false;
    }
    try {
      return places.tryAcquire(Math.max(0, atMost.toNanos()), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Gives a place back. */
  void leave() {
    places.release();
  }

  int waiting() {
    return waiting.get();
  }
}
