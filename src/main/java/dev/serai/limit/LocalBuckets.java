package dev.serai.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TimeMeter;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What was consumed, counted in this process. A bucket that nobody came to for a whole window is
 * full again, so that forgetting it loses nothing: those of idle tenants take no memory.
 */
final class LocalBuckets {

  private final Cache<Draw.Key, Cell> cells =
      Caffeine.newBuilder()
          .expireAfter(Expiry.<Draw.Key, Cell>accessing((key, cell) -> key.measure().period()))
          .build();
  private final Clock clock;
  private final TimeMeter meter;
  private final Function<Draw, @Nullable Seed> seeds;

  /** What a bucket begins with, and when its first window ends. */
  record Seed(long tokens, Instant end) {}

  private record Cell(long limit, Bucket bucket, long began, Instant firstEnd) {}

  /**
   * Makes them.
   *
   * @param seeds how a new bucket begins; null for a window that begins with it
   */
  LocalBuckets(Clock clock, Function<Draw, @Nullable Seed> seeds) {
    this.clock = clock;
    this.meter = Windows.meter(clock);
    this.seeds = seeds;
  }

  /** Takes all or nothing; ends with the first that is refused. */
  List<Standing> take(List<Draw> draws) {
    List<Standing> standings = new ArrayList<>(draws.size());
    for (Draw draw : draws) {
      Standing standing =
          Standing.of(
              draw, bucket(draw).tryConsumeAndReturnRemaining(draw.amount()), System.nanoTime());
      standings.add(standing);
      if (!standing.granted()) {
        standings.stream().filter(Standing::granted).forEach(s -> add(s.draw(), s.draw().amount()));
        break;
      }
    }
    return standings;
  }

  /** Gives back what was not used, or takes, below 0, what was used beyond. */
  void add(Draw draw, long amount) {
    Bucket bucket = bucket(draw);
    if (amount > 0) {
      bucket.addTokens(amount);
    } else if (amount < 0) {
      bucket.consumeIgnoringRateLimits(-amount);
    }
  }

  /** Forgets everything, and says what was consumed of each bucket in the window that runs. */
  void drain(BiConsumer<Draw, Long> consumed) {
    Instant now = clock.instant();
    for (var entry : cells.asMap().entrySet()) {
      Cell cell = entry.getValue();
      long began = now.isBefore(cell.firstEnd()) ? cell.began() : cell.limit();
      long used = began - cell.bucket().getAvailableTokens();
      if (used > 0) {
        Draw.Key key = entry.getKey();
        consumed.accept(new Draw(key.subject(), key.measure(), cell.limit(), 0), used);
      }
    }
    cells.invalidateAll();
  }

  private Bucket bucket(Draw draw) {
    Draw.Key key = draw.key();
    Cell known = cells.getIfPresent(key);
    if (known != null && known.limit() == draw.limit()) {
      return known.bucket();
    }
    Cell made = cells.asMap().compute(key, (same, there) -> cell(draw, there));
    if (made == null) {
      throw new IllegalStateException("a bucket is never taken away");
    }
    return made.bucket();
  }

  private Cell cell(Draw draw, @Nullable Cell there) {
    if (there != null && there.limit() == draw.limit()) {
      return there;
    }
    if (there != null) {
      Bucket old = there.bucket();
      return cell(
          draw,
          Windows.changed(draw, there.limit(), old.estimateAbilityToConsume(there.limit()), clock));
    }
    Seed seed = seeds.apply(draw);
    return cell(
        draw,
        seed == null
            ? Windows.fresh(draw, clock)
            : Windows.of(draw.measure(), draw.limit(), seed.tokens(), seed.end()));
  }

  private Cell cell(Draw draw, BucketConfiguration rules) {
    var window = rules.getBandwidths()[0];
    Bucket bucket = Bucket.builder().withCustomTimePrecision(meter).addLimit(window).build();
    return new Cell(
        draw.limit(),
        bucket,
        bucket.getAvailableTokens(),
        Instant.ofEpochMilli(window.getTimeOfFirstRefillMillis()));
  }
}
