package dev.serai.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.ExpirationAfterWriteStrategy;
import io.github.bucket4j.distributed.proxy.AsyncProxyManager;
import io.github.bucket4j.distributed.proxy.optimization.Optimizations;
import io.github.bucket4j.redis.lettuce.Bucket4jLettuce;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What was consumed, counted in Redis by all replicas together. The buckets of a call are asked for
 * at the same time, and what many calls want of one bucket goes in one command.
 */
final class SharedBuckets {

  private static final String PREFIX = "serai:{limits}:";
  private static final Duration IDLE = Duration.ofMinutes(10);
  private static final Duration LINGER = Duration.ofSeconds(10);

  private final RedisLink link;
  private final Clock clock;
  private final Cache<Draw.Key, Proxy> proxies =
      Caffeine.newBuilder().expireAfterAccess(IDLE).build();

  /** How a bucket stood when this process last heard of it. */
  private final Cache<Draw.Key, Standing> seen =
      Caffeine.newBuilder().expireAfterWrite(Duration.ofDays(1)).maximumSize(20_000).build();

  private volatile @Nullable Connected current;

  private record Connected(
      StatefulRedisConnection<String, byte[]> connection, AsyncProxyManager<String> buckets) {}

  private record Proxy(
      Connected connected, long limit, AsyncBucketProxy bucket, CompletableFuture<?> ready) {}

  SharedBuckets(RedisLink link, Clock clock) {
    this.link = link;
    this.clock = clock;
  }

  /** Takes all or nothing; null when Redis cannot say. */
  @Nullable List<Standing> take(List<Draw> draws) {
    List<Standing> standings = together(draws);
    if (standings == null || standings.stream().allMatch(Standing::granted)) {
      return standings;
    }
    boolean some = standings.stream().anyMatch(Standing::granted);
    giveBack(standings);
    return some ? inTurn(standings) : standings;
  }

  /**
   * Calls that came at the same time may each have kept the other from the last of something. What
   * was refused is asked for once more, by itself, when everything was given back.
   */
  private @Nullable List<Standing> inTurn(List<Standing> before) {
    List<Standing> standings = new ArrayList<>(before.size());
    List<Draw> refusedFirst =
        before.stream()
            .sorted(Comparator.comparing(Standing::granted))
            .map(Standing::draw)
            .toList();
    for (Draw draw : refusedFirst) {
      List<Standing> one = together(List.of(draw));
      if (one == null) {
        return null;
      }
      standings.addAll(one);
      if (!one.getFirst().granted()) {
        giveBack(standings);
        break;
      }
    }
    return standings;
  }

  private void giveBack(List<Standing> standings) {
    standings.stream().filter(Standing::granted).forEach(s -> add(s.draw(), s.draw().amount()));
  }

  private @Nullable List<Standing> together(List<Draw> draws) {
    Connected connected = connected();
    if (connected == null) {
      return null;
    }
    List<CompletableFuture<ConsumptionProbe>> asked = new ArrayList<>(draws.size());
    for (Draw draw : draws) {
      asked.add(take(proxy(connected, draw), draw).thenApply(probe -> seen(draw, probe)));
    }
    CompletableFuture<Boolean> all =
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).thenApply(v -> true);
    if (link.await(all) == null) {
      returnLate(draws, asked);
      return null;
    }
    long now = System.nanoTime();
    List<Standing> standings = new ArrayList<>(draws.size());
    for (int i = 0; i < asked.size(); i++) {
      standings.add(Standing.of(draws.get(i), asked.get(i).join(), now));
    }
    return standings;
  }

  /** Answers come in the order in which Redis gave them, whoever wakes up first. */
  private ConsumptionProbe seen(Draw draw, ConsumptionProbe probe) {
    seen.put(draw.key(), Standing.of(draw, probe, System.nanoTime()));
    return probe;
  }

  /** What Redis grants when it was decided without it is not wanted any more. */
  private void returnLate(List<Draw> draws, List<CompletableFuture<ConsumptionProbe>> asked) {
    for (int i = 0; i < asked.size(); i++) {
      Draw draw = draws.get(i);
      var unused =
          asked
              .get(i)
              .thenAccept(
                  probe -> {
                    if (probe.isConsumed()) {
                      add(draw, draw.amount());
                    }
                  });
    }
  }

  private static CompletableFuture<ConsumptionProbe> take(Proxy proxy, Draw draw) {
    long amount = draw.amount();
    return proxy.ready().isDone() && !proxy.ready().isCompletedExceptionally()
        ? proxy.bucket().tryConsumeAndReturnRemaining(amount)
        : proxy.ready().thenCompose(ready -> proxy.bucket().tryConsumeAndReturnRemaining(amount));
  }

  /** Gives back, or takes below 0, without waiting for it. False when Redis is away. */
  boolean add(Draw draw, long amount) {
    Connected connected = connected();
    if (connected == null) {
      return false;
    }
    AsyncBucketProxy bucket = proxy(connected, draw).bucket();
    CompletableFuture<?> done =
        amount > 0 ? bucket.addTokens(amount) : bucket.consumeIgnoringRateLimits(-amount);
    var unused = done.exceptionally(e -> null);
    return true;
  }

  /** How a bucket stood; null when this process does not know. */
  @Nullable Standing lastSeen(Draw.Key key) {
    return seen.getIfPresent(key);
  }

  private @Nullable Connected connected() {
    StatefulRedisConnection<String, byte[]> connection = link.usable();
    Connected known = current;
    if (connection == null || (known != null && known.connection() == connection)) {
      return connection == null ? null : known;
    }
    synchronized (this) {
      Connected there = current;
      if (there == null || there.connection() != connection) {
        there =
            new Connected(
                connection,
                Bucket4jLettuce.casBasedBuilder(connection)
                    .clientClock(Windows.meter(clock))
                    .expirationAfterWrite(
                        ExpirationAfterWriteStrategy.basedOnTimeForRefillingBucketUpToMax(LINGER))
                    .build()
                    .asAsync());
        current = there;
      }
      return there;
    }
  }

  private Proxy proxy(Connected connected, Draw draw) {
    Draw.Key key = draw.key();
    Proxy known = proxies.getIfPresent(key);
    if (known != null && fits(known, connected, draw)) {
      return known;
    }
    Proxy made =
        proxies
            .asMap()
            .compute(
                key, (same, there) -> fits(there, connected, draw) ? there : make(connected, draw));
    if (made == null) {
      throw new IllegalStateException("a bucket is never taken away");
    }
    return made;
  }

  private static boolean fits(@Nullable Proxy proxy, Connected connected, Draw draw) {
    return proxy != null
        && proxy.connected().equals(connected)
        && proxy.limit() == draw.limit()
        && !proxy.ready().isCompletedExceptionally();
  }

  private Proxy make(Connected connected, Draw draw) {
    String path = PREFIX + draw.key().path();
    AsyncBucketProxy bucket =
        connected
            .buckets()
            .builder()
            .withOptimization(Optimizations.batching())
            .build(path, () -> CompletableFuture.completedFuture(Windows.fresh(draw, clock)));
    return new Proxy(connected, draw.limit(), bucket, adopt(connected, path, bucket, draw));
  }

  /** A bucket that is in Redis with another limit gets this one, and keeps what was consumed. */
  private CompletableFuture<?> adopt(
      Connected connected, String path, AsyncBucketProxy bucket, Draw draw) {
    return connected
        .buckets()
        .getProxyConfiguration(path)
        .thenCompose(
            there -> {
              long before = there.map(rules -> rules.getBandwidths()[0].getCapacity()).orElse(0L);
              return before == 0 || before == draw.limit()
                  ? CompletableFuture.<Void>completedFuture(null)
                  : bucket
                      .estimateAbilityToConsume(before)
                      .thenCompose(
                          full ->
                              bucket.replaceConfiguration(
                                  Windows.changed(draw, before, full, clock),
                                  TokensInheritanceStrategy.AS_IS));
            });
  }
}
