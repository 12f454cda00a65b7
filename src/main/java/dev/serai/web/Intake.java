package dev.serai.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * Takes in request bodies, each within its own bound and its own time, and all together within
 * another bound, which is never so small that a single body would not fit. A body counts as it
 * arrives: what its head announces costs nothing.
 */
final class Intake {

  private static final int PIECE = 64 << 10;

  private final int maxBody;
  private final long maxTogether;
  private final long maxNanos;
  private final LongSupplier nanoTime;
  private final AtomicLong together = new AtomicLong();

  /**
   * Knows its bounds.
   *
   * @param maxBody bytes of one body
   * @param maxTogether bytes of all bodies that are being read or worked on
   * @param maxTime for one body, from its first byte to its last
   * @param nanoTime {@link System#nanoTime} or what a test has in its place
   */
  Intake(long maxBody, long maxTogether, Duration maxTime, LongSupplier nanoTime) {
    this.maxBody = (int) Math.min(maxBody, Integer.MAX_VALUE - PIECE);
    this.maxTogether = Math.max(maxTogether, maxBody);
    this.maxNanos = maxTime.toNanos();
    this.nanoTime = nanoTime;
  }

  /** How it went. */
  enum Outcome {
    TAKEN,
    TOO_LARGE,
    TOO_MUCH_TOGETHER,
    TOO_SLOW
  }

  /** The bytes that count now, over all bodies. */
  long together() {
    return together.get();
  }

  /** One body; its bytes count until it is closed. */
  final class Body implements AutoCloseable {
    private byte[] bytes = {};
    private long counted;

    /**
     * Reads all of it.
     *
     * @throws IOException when the client leaves before the body's end
     */
    Outcome read(HttpServletRequest request) throws IOException {
      long length = request.getContentLengthLong();
      if (length > maxBody) {
        return Outcome.TOO_LARGE;
      }
      if (length == 0) {
        return Outcome.TAKEN;
      }
      try {
        return length > 0
            ? readExactly(request.getInputStream(), (int) length)
            : readToEnd(request.getInputStream());
      } catch (IOException e) {
        if (e.getCause() instanceof TimeoutException) {
          return Outcome.TOO_SLOW;
        }
        throw e;
      }
    }

    private Outcome readExactly(InputStream in, int length) throws IOException {
      Outcome outcome = fill(in, length);
      if (outcome == Outcome.TAKEN && counted < length) {
        throw new IOException("the body ended early");
      }
      return outcome;
    }

    private Outcome readToEnd(InputStream in) throws IOException {
      Outcome outcome = fill(in, maxBody + 1);
      if (counted > maxBody) {
        return Outcome.TOO_LARGE;
      }
      bytes = Arrays.copyOf(bytes, (int) counted);
      return outcome;
    }

    /** Reads up to so many bytes, into an array that grows as they come. */
    private Outcome fill(InputStream in, int most) throws IOException {
      long start = nanoTime.getAsLong();
      int size = 0;
      while (size < most) {
        if (size == bytes.length) {
          bytes = Arrays.copyOf(bytes, Math.clamp(2L * size, Math.min(PIECE, most), most));
        }
        int n = in.read(bytes, size, bytes.length - size);
        if (n < 0) {
          return Outcome.TAKEN;
        }
        size += n;
        counted += n;
        if (together.addAndGet(n) > maxTogether && counted <= maxBody) {
          return Outcome.TOO_MUCH_TOGETHER;
        }
        if (size < most && nanoTime.getAsLong() - start > maxNanos) {
          return Outcome.TOO_SLOW;
        }
      }
      return Outcome.TAKEN;
    }

    byte[] bytes() {
      return bytes;
    }

    @Override
    public void close() {
      together.addAndGet(-counted);
    }
  }

  /** A body that is about to be read. */
  Body body() {
    return new Body();
  }
}
