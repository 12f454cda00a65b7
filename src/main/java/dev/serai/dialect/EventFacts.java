package dev.serai.dialect;

import dev.serai.chat.Usage;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Serai must know of one event of a chat stream. The JSON is read only where a scan of the
 * bytes finds a usage object, an error or a finish reason; most events need no more than the scan.
 *
 * @param kind what sort of event this is
 * @param hasContent whether a choice's delta is there, be it an empty one
 * @param usage what was used; null when this event does not say or cannot be trusted
 * @param usageOnly whether the event carries usage and no choice: the chunk that {@code
 *     include_usage} adds
 * @param finishReasons of the choices that end with this event
 * @param error what went wrong; not null exactly when the kind is {@link Kind#ERROR}
 */
public record EventFacts(
    Kind kind,
    boolean hasContent,
    @Nullable Usage usage,
    boolean usageOnly,
    List<String> finishReasons,
    @Nullable ProviderError error) {

  /** The sorts of event. */
  public enum Kind {
    /** Nothing but comments, blank lines or fields without data. */
    COMMENT,
    /** Data: usually a chunk. */
    DATA,
    /** {@code data: [DONE]}, the regular end. */
    DONE,
    /** The provider failed after the stream had begun. */
    ERROR
  }

  private static final EventFacts COMMENT = plain(Kind.COMMENT, false);
  private static final EventFacts DONE = plain(Kind.DONE, false);
  private static final EventFacts CONTENT = plain(Kind.DATA, true);
  private static final EventFacts OTHER = plain(Kind.DATA, false);

  private static final byte[] USAGE = {'"', 'u', 's', 'a', 'g', 'e', '"'};
  private static final byte[] ERROR = {'"', 'e', 'r', 'r', 'o', 'r', '"'};
  private static final byte[] DELTA = {'"', 'd', 'e', 'l', 't', 'a', '"'};
  private static final byte[] FINISH = {
    '"', 'f', 'i', 'n', 'i', 's', 'h', '_', 'r', 'e', 'a', 's', 'o', 'n', '"'
  };

  private static EventFacts plain(Kind kind, boolean hasContent) {
    return new EventFacts(kind, hasContent, null, false, List.of(), null);
  }

  /** Reads an event as {@link SseReader} gives it; data that is no JSON is plain {@code DATA}. */
  public static EventFacts of(byte[] event) {
    EventData data = EventData.of(event);
    Span place = data.place();
    if (place == null) {
      return data.namedError() ? failed(ProviderError.unknown(200)) : COMMENT;
    }
    if (data.isDone()) {
      return DONE;
    }
    Scan scan = Scan.of(data.bytes(), place);
    if (!scan.worthReading && !data.namedError()) {
      return scan.delta ? CONTENT : OTHER;
    }
    AnswerFacts facts = AnswerFacts.read(data.bytes(), place);
    ProviderError error = facts.error();
    if (error == null && data.namedError()) {
      error = ProviderError.read(200, Arrays.copyOfRange(data.bytes(), place.start(), place.end()));
    }
    return new EventFacts(
        error == null ? Kind.DATA : Kind.ERROR,
        scan.delta,
        facts.usage(),
        facts.usagePresent() && facts.choices() < 1,
        facts.finishReasons(),
        error);
  }

  private static EventFacts failed(ProviderError error) {
    return new EventFacts(Kind.ERROR, false, null, false, List.of(), error);
  }

  // A quote inside a JSON string is escaped, so these words in quotes and a colon are always keys.
  private static final class Scan {
    private boolean worthReading;
    private boolean delta;

    static Scan of(byte[] bytes, Span place) {
      Scan scan = new Scan();
      for (int at = place.start(); at < place.end() - 8; at++) {
        if (bytes[at] == '"') {
          switch (bytes[at + 1]) {
            case 'u' -> scan.worthReading |= valueAfter(bytes, at, place.end(), USAGE) == '{';
            case 'e' -> scan.worthReading |= isSet(valueAfter(bytes, at, place.end(), ERROR));
            case 'f' -> scan.worthReading |= isSet(valueAfter(bytes, at, place.end(), FINISH));
            case 'd' -> scan.delta |= isSet(valueAfter(bytes, at, place.end(), DELTA));
            default -> {}
          }
        }
      }
      return scan;
    }

    private static boolean isSet(int first) {
      return first != 0 && first != 'n';
    }

    /** The first byte of the value when this key stands here, else 0. */
    private static int valueAfter(byte[] bytes, int from, int end, byte[] key) {
      if (from + key.length >= end) {
        return 0;
      }
      for (int i = 2; i < key.length; i++) {
        if (bytes[from + i] != key[i]) {
          return 0;
        }
      }
      int at = skipSpace(bytes, from + key.length, end);
      if (at == end || bytes[at] != ':') {
        return 0;
      }
      at = skipSpace(bytes, at + 1, end);
      return at == end ? 0 : bytes[at];
    }

    private static int skipSpace(byte[] bytes, int from, int end) {
      int at = from;
      while (at < end && bytes[at] <= ' ' && bytes[at] >= 0) {
        at++;
      }
      return at;
    }
  }
}
