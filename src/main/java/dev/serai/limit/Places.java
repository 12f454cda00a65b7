package dev.serai.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.serai.telemetry.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls at the same time against the limits in force, and who waits for a place. */
public final class Places {

  private static final long FIRST_PAUSE_MILLIS = 10;
  private static final long LONGEST_PAUSE_MILLIS = 160;

  private final Limits limits;
  private final int queue;
  private final int perTenant;
  private final @Nullable SharedPlaces shared;
  private final @Nullable Share share;
  private final Meters meters;

  /** A line lives as long as somebody is in it. */
  private final Cache<Subject, FairLine> lines = Caffeine.newBuilder().weakValues().build();

  /**
   * A place that is wanted.
   *
   * @param subject whose
   * @param most how many there are in this process, whatever the limit says; 0 = as many as it says
   */
  public record Wish(Subject subject, int most) {}

  /** Who asks, and how long it may wait. */
  public record Guest(String tenant, boolean interactive, long since, Duration patience) {}

  /** What came of it. */
  public sealed interface Entrance {
    /** In; to be left when it is over. */
    record In(Runnable leave) implements Entrance {}

    /** There was no place; none is taken. */
    record Refused(Subject by) implements Entrance {}
  }

  Places(
      Limits limits,
      int queue,
      int perTenant,
      @Nullable SharedPlaces shared,
      @Nullable Share share,
      Meters meters) {
    this.limits = limits;
    this.queue = queue;
    this.perTenant = perTenant;
    this.shared = shared;
    this.share = share;
    this.meters = meters;
  }

  /** Takes a place of each, one after the other; null when none of them is limited. */
  public @Nullable Entrance enter(List<Wish> wishes, Guest guest) {
    long until = System.nanoTime() + guest.patience().toNanos();
    List<FairLine> entered = new ArrayList<>(wishes.size());
    List<Subject> together = new ArrayList<>(0);
    List<Long> most = new ArrayList<>(0);
    for (Wish wish : wishes) {
      Limit limit = limits.of(wish.subject());
      Long concurrency = limit == null ? null : limit.concurrency();
      if (concurrency != null && shared != null) {
        together.add(wish.subject());
        most.add(concurrency);
      }
      int places = here(wish.most(), concurrency);
      if (places > 0 && !enter(line(wish.subject(), places), guest, until, entered)) {
        return refused(wish.subject(), entered);
      }
    }
    if (shared == null || together.isEmpty()) {
      return entered.isEmpty() ? null : new Entrance.In(() -> leave(entered));
    }
    return enter(shared, together, most, entered, until);
  }

  private static boolean enter(FairLine line, Guest guest, long until, List<FairLine> entered) {
    Duration left = Duration.ofNanos(until - System.nanoTime());
    boolean in =
        line.enter(guest.tenant(), guest.interactive(), guest.since(), left) == FairLine.Outcome.IN;
    if (in) {
      entered.add(line);
    }
    return in;
  }

  /** How many places there are in this process; 0 for no limit. */
  private int here(int most, @Nullable Long concurrency) {
    if (concurrency == null) {
      return most;
    }
    boolean alone = shared != null && !shared.known();
    long places = alone && share != null ? share.of(concurrency) : concurrency;
    return Math.toIntExact(most == 0 ? places : Math.min(most, places));
  }

  private FairLine line(Subject subject, int places) {
    FairLine line = lines.get(subject, s -> new FairLine(places, queue, perTenant));
    line.places(places);
    return line;
  }

  /** Whoever has a place here asks for one among all replicas until there is one. */
  private Entrance enter(
      SharedPlaces among,
      List<Subject> subjects,
      List<Long> most,
      List<FairLine> entered,
      long until) {
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      switch (among.take(subjects, most)) {
        case SharedPlaces.Taken.Yes(String member) -> {
          return new Entrance.In(
              () -> {
                among.leave(member);
                leave(entered);
              });
        }
        case SharedPlaces.Taken.Unknown u -> {
          return new Entrance.In(() -> leave(entered));
        }
        case SharedPlaces.Taken.No(Subject by) -> {
          if (System.nanoTime() + pause * 1_000_000 >= until || !slept(pause)) {
            return refused(by, entered);
          }
        }
      }
      pause = Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
    }
  }

  private static boolean slept(long millis) {
    try {
      Thread.sleep(millis);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Entrance refused(Subject by, List<FairLine> entered) {
    leave(entered);
    meters.limited(by.scope().label(), "concurrency");
    return new Entrance.Refused(by);
  }

  private static void leave(List<FairLine> entered) {
    for (int i = entered.size() - 1; i >= 0; i--) {
      entered.get(i).leave();
    }
  }
}
