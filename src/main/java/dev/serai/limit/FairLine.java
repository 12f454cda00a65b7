package dev.serai.limit;

import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A number of places, and a bounded line of those who wait for one. Places go round among the
 * tenants that wait, so that nobody waits for another's flood; those of interactive entries go
 * first, but every eighth place is for the others.
 */
public final class FairLine {

  private static final int FOR_THE_OTHERS = 8;
  private static final Comparator<Waiter> ORDER = (a, b) -> Long.signum(a.since - b.since);

  private final int queue;
  private final int perTenant;
  private final AtomicInteger taken = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, PriorityQueue<Waiter>> interactive = new LinkedHashMap<>();
  private final Map<String, PriorityQueue<Waiter>> others = new LinkedHashMap<>();
  private volatile int places;
  private int granted;

  /** How waiting ended. */
  public enum Outcome {
    /** There is a place; it is to be left. */
    IN,
    /** As many wait as may wait. */
    FULL,
    /** No place became free in time. */
    TOO_LATE
  }

  private static final class Waiter {
    private final Thread thread = Thread.currentThread();
    private final String tenant;
    private final boolean interactive;
    private final long since;
    private volatile @Nullable Outcome outcome;

    Waiter(String tenant, boolean interactive, long since) {
      this.tenant = tenant;
      this.interactive = interactive;
      this.since = since;
    }

    void end(Outcome how) {
      outcome = how;
      LockSupport.unpark(thread);
    }
  }

  /**
   * Makes the places.
   *
   * @param places 1 or more
   * @param queue how many may wait, 0 or more
   * @param perTenant how many of one tenant, 0 or more
   */
  public FairLine(int places, int queue, int perTenant) {
    this.places = places;
    this.queue = queue;
    this.perTenant = perTenant;
  }

  /** Sets how many places there are, 1 or more. Nobody is turned out when they become fewer. */
  public void places(int number) {
    if (places != number) {
      places = number;
      lock.lock();
      try {
        grant();
      } finally {
        lock.unlock();
      }
    }
  }

  /**
   * Takes a place, waiting at most so long.
   *
   * @param interactive whether somebody sits there and waits for the answer
   * @param since {@link System#nanoTime} of the request's arrival: who came first goes first among
   *     those of one tenant, even where a later one was quicker to get in line
   */
  public Outcome enter(String tenant, boolean interactive, long since, Duration atMost) {
    if (waiting.get() == 0 && take()) {
      return Outcome.IN;
    }
    Waiter waiter = new Waiter(tenant, interactive, since);
    lock.lock();
    try {
      if (waiting.get() == 0 && take()) {
        return Outcome.IN;
      }
      if (!atMost.isPositive()) {
        return Outcome.TOO_LATE;
      }
      if (!room(waiter)) {
        return Outcome.FULL;
      }
      line(waiter).computeIfAbsent(tenant, id -> new PriorityQueue<>(ORDER)).add(waiter);
      waiting.incrementAndGet();
      grant();
    } finally {
      lock.unlock();
    }
    return await(waiter, System.nanoTime() + atMost.toNanos());
  }

  private Outcome await(Waiter waiter, long until) {
    long left = until - System.nanoTime();
    while (waiter.outcome == null && left > 0 && !Thread.currentThread().isInterrupted()) {
      LockSupport.parkNanos(this, left);
      left = until - System.nanoTime();
    }
    lock.lock();
    try {
      Outcome outcome = waiter.outcome;
      if (outcome != null) {
        return outcome;
      }
      remove(waiter);
      return Outcome.TOO_LATE;
    } finally {
      lock.unlock();
    }
  }

  /** Gives a place back. */
  public void leave() {
    taken.decrementAndGet();
    if (waiting.get() > 0) {
      lock.lock();
      try {
        grant();
      } finally {
        lock.unlock();
      }
    }
  }

  /** How many wait. */
  public int waiting() {
    return waiting.get();
  }

  private boolean take() {
    int now = taken.get();
    while (now < places) {
      if (taken.compareAndSet(now, now + 1)) {
        return true;
      }
      now = taken.get();
    }
    return false;
  }

  private void grant() {
    while (waiting.get() > 0 && take()) {
      next().end(Outcome.IN);
    }
  }

  private Waiter next() {
    boolean others = ++granted % FOR_THE_OTHERS == 0;
    Map<String, PriorityQueue<Waiter>> line =
        this.interactive.isEmpty() || (others && !this.others.isEmpty())
            ? this.others
            : this.interactive;
    Iterator<Map.Entry<String, PriorityQueue<Waiter>>> tenants = line.entrySet().iterator();
    Map.Entry<String, PriorityQueue<Waiter>> first = tenants.next();
    tenants.remove();
    Waiter waiter = first.getValue().remove();
    if (!first.getValue().isEmpty()) {
      line.put(waiter.tenant, first.getValue());
    }
    waiting.decrementAndGet();
    return waiter;
  }

  /** Whether one more may wait; where the line is full, whoever has most in it makes room. */
  private boolean room(Waiter newcomer) {
    int own = size(interactive, newcomer.tenant) + size(others, newcomer.tenant);
    if (own >= perTenant) {
      return false;
    }
    if (waiting.get() < queue) {
      return true;
    }
    Waiter last = lastOfTheMost(others);
    if (last == null || !newcomer.interactive) {
      Waiter other = lastOfTheMost(interactive);
      last = other == null || (last != null && count(last) >= count(other)) ? last : other;
    }
    boolean fair = last != null && !last.tenant.equals(newcomer.tenant) && count(last) > own + 1;
    if (last != null && fair) {
      remove(last);
      last.end(Outcome.FULL);
    }
    return fair;
  }

  private static @Nullable Waiter lastOfTheMost(Map<String, PriorityQueue<Waiter>> line) {
    PriorityQueue<Waiter> most = null;
    for (PriorityQueue<Waiter> each : line.values()) {
      if (most == null || each.size() > most.size()) {
        most = each;
      }
    }
    return most == null ? null : Collections.max(most, ORDER);
  }

  private int count(Waiter waiter) {
    return size(interactive, waiter.tenant) + size(others, waiter.tenant);
  }

  private static int size(Map<String, PriorityQueue<Waiter>> line, String tenant) {
    PriorityQueue<Waiter> waiters = line.get(tenant);
    return waiters == null ? 0 : waiters.size();
  }

  private void remove(Waiter waiter) {
    PriorityQueue<Waiter> waiters = line(waiter).get(waiter.tenant);
    if (waiters != null && waiters.remove(waiter)) {
      waiting.decrementAndGet();
      if (waiters.isEmpty()) {
        line(waiter).remove(waiter.tenant);
      }
    }
  }

  private Map<String, PriorityQueue<Waiter>> line(Waiter waiter) {
    return waiter.interactive ? interactive : others;
  }
}
