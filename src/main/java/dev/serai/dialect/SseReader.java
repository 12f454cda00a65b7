package dev.serai.dialect;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream into its server-sent events without changing a byte: what {@link #next} gives, put
 * together, is what was received. An event is given as soon as its blank line is there; no more is
 * read than the stream has at hand. Lines end with LF, CRLF or CR. Comments are events of their own
 * where a blank line follows them. Not for concurrent use; the caller closes the stream.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">WHATWG: parsing an
 *     event stream</a>
 */
public final class SseReader {

  /** Bytes; it grows to the longest event. */
  private static final int FIRST_BUFFER = 1024;

  private final InputStream in;
  private final int maxEventBytes;
  private byte[] buffer;
  private int start;
  private int scan;
  private int end;
  private boolean lineEmpty = true;
  private boolean afterCr;
  private boolean crWasBlank;
  private boolean endsWithCr;
  private boolean ended;
  private boolean truncated;
  private boolean found;

  /**
   * Reads from the stream's current place.
   *
   * @param in gives what has arrived and blocks only when nothing has
   * @param maxEventBytes the longest event, in bytes with its blank line; at least 1
   */
  public SseReader(InputStream in, int maxEventBytes) {
    this.in = in;
    this.maxEventBytes = maxEventBytes;
    buffer = new byte[Math.clamp(maxEventBytes, 1, FIRST_BUFFER)];
  }

  /**
   * The next event with its blank line. At the end of the stream what is left without a blank line
   * is given once, and {@link #truncated} becomes true; after that null.
   *
   * @throws IOException when the stream breaks or an event is longer than allowed; events that had
   *     arrived before have been given by then
   */
  public byte @Nullable [] next() throws IOException {
    while (true) {
      if (ready()) {
        found = false;
        return take();
      }
      if (ended) {
        return null;
      }
      makeRoom();
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        return last();
      }
      end += read;
    }
  }

  /** Whether an event has already arrived whole, so that {@link #next} would not wait for it. */
  public boolean ready() {
    if (!found) {
      found = scanToBlankLine();
    }
    return found;
  }

  /** Whether the stream ended in the middle of an event. */
  public boolean truncated() {
    return truncated;
  }

  private byte @Nullable [] last() throws IOException {
    ended = true;
    if (start == end) {
      return null;
    }
    truncated = !(afterCr && crWasBlank);
    return take();
  }

  private boolean scanToBlankLine() {
    while (scan < end) {
      byte c = buffer[scan];
      if (afterCr) {
        afterCr = false;
        endsWithCr = c != '\n';
        scan += endsWithCr ? 0 : 1;
        if (crWasBlank) {
          return true;
        }
        continue;
      }
      scan++;
      if (c == '\n') {
        endsWithCr = false;
        if (lineEmpty) {
          return true;
        }
        lineEmpty = true;
      } else if (c == '\r') {
        // A LF may follow and is waited for, unless this stream ends its lines with CR alone.
        if (lineEmpty && endsWithCr) {
          return true;
        }
        afterCr = true;
        crWasBlank = lineEmpty;
        lineEmpty = true;
      } else {
        lineEmpty = false;
      }
    }
    return false;
  }

  private byte[] take() throws IOException {
    if (scan - start > maxEventBytes) {
      throw tooLong();
    }
    byte[] event = Arrays.copyOfRange(buffer, start, scan);
    start = scan;
    lineEmpty = true;
    if (start == end) {
      start = 0;
      scan = 0;
      end = 0;
    }
    return event;
  }

  private void makeRoom() throws IOException {
    if (end - start > maxEventBytes) {
      throw tooLong();
    }
    if (end < buffer.length) {
      return;
    }
    byte[] from = buffer;
    if (start == 0) {
      buffer = new byte[(int) Math.min(from.length * 2L, maxEventBytes + 1L)];
    }
    System.arraycopy(from, start, buffer, 0, end - start);
    scan -= start;
    end -= start;
    start = 0;
  }

  private IOException tooLong() {
    return new IOException("The stream has an event of more than " + maxEventBytes + " bytes");
  }
}
