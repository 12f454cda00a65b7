package dev.serai.limit;

import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulRedisConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Places that all replicas share: one sorted set in Redis for each limit, its members the calls in
 * flight, each leased for a while and renewed as long as the call runs. What a dead replica held is
 * free again after the lease.
 */
final class SharedPlaces implements AutoCloseable {

  private static final String PREFIX = "serai:{limits}:places:";

  /** All or nothing: 0, or the number of the first limit that has no place. */
  private static final String TAKE =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      for i = 1, #KEYS do
        redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', now)
        if redis.call('ZCARD', KEYS[i]) >= tonumber(ARGV[i + 2]) then return i end
      end
      for i = 1, #KEYS do
        redis.call('ZADD', KEYS[i], now + ARGV[2], ARGV[1])
        redis.call('PEXPIRE', KEYS[i], 2 * ARGV[2])
      end
      return 0
      """;

  /** Also brings back what a Redis that was started anew has forgotten. */
  private static final String RENEW =
      """
      local time = redis.call('TIME')
      local now = time[1] * 1000 + math.floor(time[2] / 1000)
      for i = 1, #KEYS do
        redis.call('ZADD', KEYS[i], now + ARGV[2], ARGV[1])
        redis.call('PEXPIRE', KEYS[i], 2 * ARGV[2])
      end
      return 0
      """;

  private final RedisLink link;
  private final Duration lease;
  private final String replica = UUID.randomUUID().toString().substring(0, 13);
  private final AtomicLong numbers = new AtomicLong();
  private final Map<String, String[]> held = new ConcurrentHashMap<>();
  private final ScheduledExecutorService renewer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("limits-places").daemon().factory());

  SharedPlaces(RedisLink link, Duration lease) {
    this.link = link;
    this.lease = lease;
    long every = Math.max(1, lease.toMillis() / 3);
    var unused = renewer.scheduleWithFixedDelay(this::renew, every, every, TimeUnit.MILLISECONDS);
  }

  /** A place in each, or in none. */
  sealed interface Taken {
    /** Taken: to be left by this name. */
    record Yes(String member) implements Taken {}

    /** The first that is full. */
    record No(Subject by) implements Taken {}

    /** Redis cannot say. */
    record Unknown() implements Taken {}
  }

  /** Whether Redis can be asked. */
  boolean known() {
    return link.usable() != null;
  }

  /** Tries once. */
  Taken take(List<Subject> subjects, List<Long> limits) {
    StatefulRedisConnection<String, byte[]> connection = link.usable();
    if (connection == null) {
      return new Taken.Unknown();
    }
    String member = replica + "-" + numbers.incrementAndGet();
    String[] keys = subjects.stream().map(s -> PREFIX + s.path()).toArray(String[]::new);
    byte[][] arguments = new byte[limits.size() + 2][];
    arguments[0] = bytes(member);
    arguments[1] = bytes(Long.toString(lease.toMillis()));
    for (int i = 0; i < limits.size(); i++) {
      arguments[i + 2] = bytes(limits.get(i).toString());
    }
    held.put(member, keys);
    RedisFuture<Long> answer =
        connection.async().eval(TAKE, ScriptOutputType.INTEGER, keys, arguments);
    Long full = link.await(answer);
    if (full == null || full > 0) {
      held.remove(member);
      return full == null
          ? new Taken.Unknown()
          : new Taken.No(subjects.get(Math.toIntExact(full) - 1));
    }
    return new Taken.Yes(member);
  }

  /** Gives the places back, without waiting for it. */
  void leave(String member) {
    String[] keys = held.remove(member);
    StatefulRedisConnection<String, byte[]> connection = link.usable();
    if (keys != null && connection != null) {
      release(connection, member, keys);
    }
  }

  private static void release(
      StatefulRedisConnection<String, byte[]> connection, String member, String[] keys) {
    for (String key : keys) {
      var unused = connection.async().zrem(key, bytes(member)).exceptionally(e -> null);
    }
  }

  private void renew() {
    StatefulRedisConnection<String, byte[]> connection = link.usable();
    if (connection == null) {
      return;
    }
    byte[] time = bytes(Long.toString(lease.toMillis()));
    held.forEach(
        (member, keys) -> {
          var unused =
              connection
                  .async()
                  .eval(RENEW, ScriptOutputType.INTEGER, keys, bytes(member), time)
                  .handle(
                      (done, e) -> {
                        // Given back meanwhile: the renewal may have brought it back.
                        if (!held.containsKey(member)) {
                          release(connection, member, keys);
                        }
                        return done;
                      });
        });
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    renewer.shutdownNow();
  }
}
