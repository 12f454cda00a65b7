package dev.serai.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a client sends on one connection, read ahead by its own thread, so that its leaving is seen
 * at once, also while an answer is being written.
 */
final class Inbound {
  private static final byte[] END = new byte[0];

  private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
  private final CountDownLatch left = new CountDownLatch(1);
  private byte[] piece = new byte[0];
  private int position;

  /** Reads until the client leaves, then runs {@code onLeft}. */
  void pump(InputStream in, Runnable onLeft) {
    byte[] buffer = new byte[16 * 1024];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        pieces.add(Arrays.copyOf(buffer, n));
      }
    } catch (IOException e) {
      // A reset is a way of leaving, too.
    } finally {
      onLeft.run();
      left.countDown();
      pieces.add(END);
    }
  }

  /** Waits at most this long; true as soon as the client has left. */
  boolean leftWithin(Duration time) throws InterruptedException {
    return left.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  void awaitLeft() throws InterruptedException {
    left.await();
  }

  /** The next line without its end; null when the client left before it was complete. */
  @Nullable String line() throws InterruptedException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = read(); b >= 0; b = read()) {
      if (b == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(b);
    }
    return null;
  }

  /** Exactly so many bytes; null when the client left before. */
  byte @Nullable [] bytes(int count) throws InterruptedException {
    byte[] all = new byte[count];
    for (int i = 0; i < count; i++) {
      int b = read();
      if (b < 0) {
        return null;
      }
      all[i] = (byte) b;
    }
    return all;
  }

  private int read() throws InterruptedException {
    while (position == piece.length) {
      byte[] next = pieces.take();
      if (next == END) {
        pieces.add(END);
        return -1;
      }
      piece = next;
      position = 0;
    }
    return piece[position++] & 0xff;
  }
}
