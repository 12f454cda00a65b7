package dev.serai.limit;

import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Requests and tokens against the limits in force: counted in this process, or in Redis for all
 * replicas together. While Redis is slow or gone this process has its share of what was left.
 */
public final class Limiter {

  private final Limits limits;
  private final LocalBuckets own;
  private final @Nullable SharedBuckets shared;
  private final @Nullable Share share;
  private final Meters meters;

  Limiter(
      Limits limits,
      @Nullable SharedBuckets shared,
      @Nullable Share share,
      Clock clock,
      Meters meters) {
    this.limits = limits;
    this.shared = shared;
    this.share = share;
    this.meters = meters;
    own = new LocalBuckets(clock, draw -> seed(draw, clock));
  }

  /** Whether anything is limited at all. */
  public boolean active() {
    return limits.any();
  }

  /**
   * Takes one request of each subject.
   *
   * @return null when none of them is limited
   */
  public @Nullable Decision request(List<Subject> subjects) {
    return take(draws(subjects, 1, 0));
  }

  /**
   * Takes what one attempt may use: a request of the provider, and tokens of everybody.
   *
   * @param subjects who pays with tokens, the provider included
   * @param tokens the upper estimate, 0 or more
   * @return null when none of them is limited
   */
  public @Nullable Decision attempt(List<Subject> subjects, Subject provider, long tokens) {
    List<Draw> draws = draws(List.of(provider), 1, 0);
    draws.addAll(draws(subjects, 0, Math.max(1, tokens)));
    return take(draws);
  }

  private List<Draw> draws(List<Subject> subjects, long requests, long tokens) {
    List<Draw> draws = new ArrayList<>();
    for (Subject subject : subjects) {
      Limit limit = limits.of(subject);
      if (limit != null) {
        for (Measure measure : Measure.values()) {
          Long most = limit.of(measure);
          long amount = measure.tokens() ? tokens : requests;
          if (most != null && amount > 0) {
            draws.add(new Draw(subject, measure, most, amount));
          }
        }
      }
    }
    return draws;
  }

  private @Nullable Decision take(List<Draw> draws) {
    if (draws.isEmpty()) {
      return null;
    }
    for (Draw draw : draws) {
      if (draw.amount() > draw.limit()) {
        return refused(new Standing(draw, false, draw.limit(), System.nanoTime()));
      }
    }
    List<Standing> standings = shared == null ? own.take(draws) : shared(shared, draws);
    for (Standing standing : standings) {
      if (!standing.granted()) {
        return refused(standing);
      }
    }
    return new Decision.Granted(new Hold(this, standings));
  }

  private Decision refused(Standing by) {
    meters.limited(by.draw().subject().scope().label(), by.draw().measure().label());
    return new Decision.Refused(by);
  }

  private List<Standing> shared(SharedBuckets redis, List<Draw> draws) {
    List<Standing> standings = redis.take(draws);
    return standings == null ? shares(draws) : standings;
  }

  /** A draw that is larger than the share takes all of it, and owes the rest. */
  private List<Standing> shares(List<Draw> draws) {
    List<Draw> parts = draws.stream().map(this::part).toList();
    List<Standing> standings = own.take(parts);
    boolean all = standings.stream().allMatch(Standing::granted);
    List<Standing> whole = new ArrayList<>(standings.size());
    for (int i = 0; i < standings.size(); i++) {
      Draw draw = draws.get(i);
      if (all && draw.amount() > parts.get(i).amount()) {
        own.add(parts.get(i), parts.get(i).amount() - draw.amount());
      }
      whole.add(standings.get(i).with(draw));
    }
    return whole;
  }

  private Draw part(Draw draw) {
    long limit = share == null ? draw.limit() : share.of(draw.limit());
    return draw.of(limit, Math.min(draw.amount(), limit));
  }

  /** What was left when all replicas counted together is shared out, and no more than that. */
  private LocalBuckets.@Nullable Seed seed(Draw part, Clock clock) {
    Standing last = shared == null ? null : shared.lastSeen(part.key());
    if (last == null || share == null || last.reset().isZero()) {
      return null;
    }
    long left = last.remaining() == 0 ? 0 : share.of(last.remaining());
    return new LocalBuckets.Seed(Math.min(left, part.limit()), clock.instant().plus(last.reset()));
  }

  /** Puts back or takes more, where it is counted now. What belongs to a window past is past. */
  void add(Standing standing, long amount) {
    if (amount == 0 || (amount > 0 && standing.reset().isZero())) {
      return;
    }
    if (shared == null) {
      own.add(standing.draw(), amount);
    } else if (!shared.add(standing.draw(), amount)) {
      own.add(part(standing.draw()), amount);
    }
  }

  /** Redis counts again: it hears what was consumed here meanwhile. */
  void recovered() {
    SharedBuckets redis = shared;
    if (redis == null) {
      return;
    }
    own.drain(
        (part, used) -> {
          Limit limit = limits.of(part.subject());
          Long most = limit == null ? null : limit.of(part.measure());
          if (most != null) {
            redis.add(part.of(most, used), -used);
          }
        });
  }
}
