package dev.serai.dialect;

import java.io.ByteArrayOutputStream;
import org.jspecify.annotations.Nullable;

/** The fields of one server-sent event. */
final class EventData {

  private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
  private static final byte[] ERROR = {'e', 'r', 'r', 'o', 'r'};

  private final byte[] bytes;
  private final @Nullable Span place;
  private final boolean namedError;
  private final boolean joined;

  private EventData(byte[] bytes, @Nullable Span place, boolean namedError, boolean joined) {
    this.bytes = bytes;
    this.place = place;
    this.namedError = namedError;
    this.joined = joined;
  }

  /** Holds the data: the event itself, or a new array when the data has several lines. */
  byte[] bytes() {
    return bytes;
  }

  /** Where in {@link #bytes} the data is; null when the event has none. */
  @Nullable Span place() {
    return place;
  }

  /** Whether the event is called {@code error}. */
  boolean namedError() {
    return namedError;
  }

  /** Whether the data had several lines, which are joined with LF. */
  boolean joined() {
    return joined;
  }

  static EventData of(byte[] event) {
    Span place = null;
    boolean named = false;
    ByteArrayOutputStream lines = null;
    int at = Utf8.hasMark(event) ? 3 : 0;
    while (at < event.length) {
      int end = lineEnd(event, at);
      Span value = valueOf(event, at, end, 'd', 'a', 't', 'a');
      if (value != null) {
        if (place == null) {
          place = value;
        } else if (lines == null) {
          lines = new ByteArrayOutputStream(event.length);
          lines.write(event, place.start(), place.length());
        }
        if (lines != null) {
          lines.write('\n');
          lines.write(event, value.start(), value.length());
        }
      } else {
        named |= isError(event, valueOf(event, at, end, 'e', 'v', 'e', 'n', 't'));
      }
      at = end + (end + 1 < event.length && event[end] == '\r' && event[end + 1] == '\n' ? 2 : 1);
    }
    if (lines == null) {
      return new EventData(event, place, named, false);
    }
    byte[] joined = lines.toByteArray();
    return new EventData(joined, new Span(0, joined.length), named, true);
  }

  /** Whether the data is OpenAI's mark for the end of a stream. */
  boolean isDone() {
    return place != null
        && place.length() >= DONE.length
        && place.length() <= DONE.length + 2
        && startsWith(bytes, place.start(), DONE);
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] word) {
    for (int i = 0; i < word.length; i++) {
      if (bytes[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }

  private static int lineEnd(byte[] event, int from) {
    int at = from;
    while (at < event.length && event[at] != '\n' && event[at] != '\r') {
      at++;
    }
    return at;
  }

  private static @Nullable Span valueOf(byte[] event, int start, int end, char... name) {
    if (end - start < name.length) {
      return null;
    }
    for (int i = 0; i < name.length; i++) {
      if (event[start + i] != name[i]) {
        return null;
      }
    }
    int at = start + name.length;
    if (at == end) {
      return new Span(end, end);
    }
    if (event[at] != ':') {
      return null;
    }
    at++;
    return new Span(at < end && event[at] == ' ' ? at + 1 : at, end);
  }

  private static boolean isError(byte[] event, @Nullable Span value) {
    return value != null
        && value.length() == ERROR.length
        && startsWith(event, value.start(), ERROR);
  }
}
