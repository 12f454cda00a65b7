package dev.serai.limit;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection to Redis, and whether it may be used. One thread keeps asking how fast Redis is;
 * calls never wait for one that is known to be slow or gone.
 */
final class RedisLink implements AutoCloseable {

  /** Redis is slow when it answers later than this. */
  static final Duration SLOW = Duration.ofMillis(50);

  /**
   * The longest wait of a call that meets a Redis of which nobody knows yet that it is slow. Well
   * above the time in which that becomes known: whoever gives up alone is counted by nobody.
   */
  static final Duration HUNG = Duration.ofSeconds(5);

  /** How often such a call looks whether that is known by now. */
  private static final long LOOK_MILLIS = 20;

  /**
   * One late answer may be this process's own lateness: Redis is slow when none is fast so long.
   */
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(RedisLink.class);
  private static final Duration CHECK_EVERY = Duration.ofMillis(200);
  private static final Duration GIVE_UP = Duration.ofSeconds(1);
  private static final int SLOW_IN_A_ROW = 2;
  private static final int FIRST_CHECKS = 5;

  /** So many threads here take part in asking Redis and hearing its answer. */
  private static final int OWN_HOPS = 3;

  private static final int GOOD_IN_A_ROW = 2;

  /** One that is full, or a replica of another, answers and cannot count. */
  private static final String WRITE = "redis.call('SET', KEYS[1], '', 'PX', 60000) return 1";

  private static final String[] WRITTEN = {"serai:{limits}:written"};

  private final RedisClient client;
  private final Thread watcher;
  private @Nullable StatefulRedisConnection<String, byte[]> connection;
  private volatile @Nullable StatefulRedisConnection<String, byte[]> usable;
  private volatile boolean closed;
  private Runnable recovered = () -> {};
  private int slow;
  private long lastFast = System.nanoTime();
  private int good;
  private boolean told;

  /**
   * Connects, and keeps connecting.
   *
   * @param url {@code redis://} or {@code rediss://}, with a password where there is one
   * @throws IllegalStateException when it is no such address; the message does not repeat it
   */
  RedisLink(String url) {
    client = client(url);
    watcher = Thread.ofPlatform().name("limits-redis").daemon().unstarted(this::watch);
  }

  private static RedisClient client(String url) {
    RedisURI uri;
    try {
      uri = RedisURI.create(url.strip());
    } catch (IllegalArgumentException e) {
      throw new IllegalStateException(
          "SPRING_DATA_REDIS_URL cannot be read: write redis://host:6379, or"
              + " rediss://user:password@host:6379 with TLS");
    }
    uri.setTimeout(GIVE_UP);
    RedisClient client = RedisClient.create(uri);
    client.setOptions(
        ClientOptions.builder()
            .autoReconnect(false)
            .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
            .socketOptions(SocketOptions.builder().connectTimeout(GIVE_UP).build())
            .build());
    return client;
  }

  /** Begins; a Redis that is there is in use when this returns. */
  void start(Runnable whenRecovered) {
    recovered = whenRecovered;
    for (int i = 0; i < FIRST_CHECKS && usable == null; i++) {
      check();
    }
    if (usable == null) {
      told = true;
      LOG.warn("redis cannot be used: limits are shared out among the replicas until it can");
    }
    watcher.start();
  }

  /** The connection; null while Redis is slow or gone. */
  @Nullable StatefulRedisConnection<String, byte[]> usable() {
    return usable;
  }

  /** A call met a Redis that is not well. */
  synchronized void failed(String how) {
    if (usable != null) {
      usable = null;
      good = 0;
      told = true;
      LOG.warn("redis is {}: limits are shared out among the replicas until it recovers", how);
    }
  }

  private void watch() {
    while (!closed) {
      try {
        Thread.sleep(CHECK_EVERY);
        check();
      } catch (InterruptedException e) {
        return;
      } catch (RuntimeException e) {
        LOG.error("redis is not watched well: class={}", e.getClass().getName());
      }
    }
  }

  private void check() {
    long before = lateness();
    long began = System.nanoTime();
    boolean answered = answers();
    long took = System.nanoTime() - began;
    long own = Math.max(before, took > SLOW.toNanos() ? lateness() : 0);
    boolean fast = answered && took <= SLOW.toNanos() + OWN_HOPS * own;
    slow = fast ? 0 : slow + 1;
    lastFast = fast ? began : lastFast;
    if (!answered) {
      failed("gone");
    } else if (slow >= SLOW_IN_A_ROW && System.nanoTime() - lastFast > PATIENCE.toNanos()) {
      failed("slow");
    }
    if (usable == null) {
      rise(fast);
    }
  }

  /** How long this process takes to do nothing, in nanoseconds: an answer is late by that, too. */
  private static long lateness() {
    long began = System.nanoTime();
    CompletableFuture.runAsync(() -> {}, Thread::startVirtualThread).join();
    return System.nanoTime() - began;
  }

  private void rise(boolean fast) {
    synchronized (this) {
      good = fast ? good + 1 : 0;
      if (good < GOOD_IN_A_ROW) {
        return;
      }
      usable = connection;
    }
    if (told) {
      LOG.info("redis is used again: limits are shared by all replicas");
      recovered.run();
    }
    told = false;
  }

  private boolean answers() {
    try {
      StatefulRedisConnection<String, byte[]> open = connection;
      if (open == null || !open.isOpen()) {
        open = client.connect(RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE));
        connection = open;
      }
      open.async()
          .eval(WRITE, ScriptOutputType.INTEGER, WRITTEN)
          .get(GIVE_UP.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException | ExecutionException | RuntimeException e) {
      StatefulRedisConnection<String, byte[]> broken = connection;
      connection = null;
      if (broken != null) {
        failed("gone");
        var unused = broken.closeAsync();
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** What Redis answered; null when it did not, and is not to be asked for now. */
  <T> @Nullable T await(Future<T> answer) {
    long until = System.nanoTime() + HUNG.toNanos();
    while (usable != null && System.nanoTime() < until) {
      try {
        return answer.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        // Not yet.
      } catch (ExecutionException e) {
        failed("gone");
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      }
    }
    return null;
  }

  @Override
  public void close() {
    closed = true;
    watcher.interrupt();
    usable = null;
    var unused = client.shutdownAsync(0, 1, TimeUnit.SECONDS);
  }
}
