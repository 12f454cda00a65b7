package dev.serai.blackbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import redis.embedded.RedisServer;

/** A real Redis that can be stopped and started, behind a line that can be made slow. */
final class RedisUnderTest implements AutoCloseable {
  private final int port;
  private final ServerSocket line;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private volatile Duration delay = Duration.ZERO;
  private RedisServer server;

  RedisUnderTest() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server = started();
    try {
      line = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofPlatform().daemon().name("redis-line").start(this::accept);
  }

  private RedisServer started() {
    try {
      RedisServer redis =
          RedisServer.newRedisServer()
              .bind("127.0.0.1")
              .port(port)
              .setting("save \"\"")
              .setting("appendonly no")
              .build();
      redis.start();
      return redis;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String url() {
    return "redis://127.0.0.1:" + line.getLocalPort();
  }

  /** From now on every piece of data is late by that, in both directions. */
  void slow(Duration by) {
    delay = by;
  }

  void stop() {
    try {
      server.stop();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts it anew, empty. */
  void startAgain() {
    server = started();
  }

  private void accept() {
    while (!line.isClosed()) {
      try {
        Socket client = line.accept();
        client.setTcpNoDelay(true);
        sockets.add(client);
        Socket redis;
        try {
          redis = new Socket(InetAddress.getLoopbackAddress(), port);
        } catch (IOException e) {
          close(client);
          continue;
        }
        redis.setTcpNoDelay(true);
        sockets.add(redis);
        Thread.ofVirtual().start(() -> copy(client, redis));
        Thread.ofVirtual().start(() -> copy(redis, client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try (from;
        to;
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream()) {
      byte[] buffer = new byte[16384];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        if (!delay.isZero()) {
          Thread.sleep(delay);
        }
        out.write(buffer, 0, n);
        out.flush();
      }
    } catch (IOException e) {
      // One side has left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    sockets.remove(from);
  }

  private static void close(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is going away anyhow.
    }
  }

  @Override
  public void close() {
    close(line);
    sockets.forEach(RedisUnderTest::close);
    stop();
  }
}
