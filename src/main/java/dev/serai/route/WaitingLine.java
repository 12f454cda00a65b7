package dev.serai.route;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One turn, and a bounded line of those who wait for it. The turn goes to whoever came to the
 * gateway first, even where a later one was quicker to get in line.
 */
final class WaitingLine {

  private final ReentrantLock lock = new ReentrantLock();
  private final PriorityQueue<Waiter> waiting =
      new PriorityQueue<>(Comparator.comparingLong(waiter -> waiter.since));
  private boolean taken;

  private static final class Waiter {
    final long since;
    final Condition turn;
    boolean granted;

    Waiter(long since, Condition turn) {
      this.since = since;
      this.turn = turn;
    }
  }

  /** How waiting ended. */
  enum Outcome {
    TURN,
    FULL,
    TOO_LATE
  }

  /**
   * Waits for the turn.
   *
   * @param since {@link System#nanoTime} of the request's arrival
   * @param atMost the longest wait
   * @param places how many may wait
   * @throws InterruptedException when the thread is interrupted; the place is given up
   */
  Outcome await(long since, Duration atMost, int places) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      if (!taken) {
        taken = true;
        return Outcome.TURN;
      }
      if (waiting.size() >= places) {
        return Outcome.FULL;
      }
      Waiter waiter = new Waiter(since, lock.newCondition());
      waiting.add(waiter);
      return await(waiter, atMost.toNanos()) ? Outcome.TURN : Outcome.TOO_LATE;
    } finally {
      lock.unlock();
    }
  }

  private boolean await(Waiter waiter, long nanos) throws InterruptedException {
    long left = nanos;
    try {
      while (!waiter.granted && left > 0) {
        left = waiter.turn.awaitNanos(left);
      }
      return waiter.granted;
    } catch (InterruptedException e) {
      if (waiter.granted) {
        handOn();
      }
      throw e;
    } finally {
      waiting.remove(waiter);
    }
  }

  /** Gives the turn to the next, if there is one. */
  void handOn() {
    lock.lock();
    try {
      Waiter next = waiting.poll();
      taken = next != null;
      if (next != null) {
        next.granted = true;
        next.turn.signal();
      }
    } finally {
      lock.unlock();
    }
  }
}
