package dev.serai.recall;

import dev.serai.chat.Usage;
import dev.serai.dialect.StreamAssembler;
import dev.serai.dialect.StreamReplay;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A complete answer, as it came: whole, or as the events of a stream. Either form can be had from
 * the other.
 *
 * @param whole the answer's JSON; null when it came as a stream
 * @param events the stream's events; null when it came whole
 * @param target who answered
 * @param model the model that was asked there
 * @param usage what the call used
 * @param costNanos what it cost in nano-dollars; null when unpriced
 */
public record StoredAnswer(
    byte @Nullable [] whole,
    @Nullable List<byte[]> events,
    String target,
    String model,
    Usage usage,
    @Nullable Long costNanos) {

  private static final int OVERHEAD = 768;
  private static final int PER_EVENT = 24;

  /** The answer as one JSON document. */
  public byte[] asWhole() {
    if (whole != null) {
      return whole;
    }
    return StreamAssembler.whole(events == null ? List.of() : events);
  }

  /** The answer as events, a usage event and the closing one included. */
  public List<byte[]> asEvents() {
    if (events != null) {
      return events;
    }
    return StreamReplay.events(whole == null ? new byte[0] : whole, true);
  }

  /** What keeping it takes, in bytes, roughly. */
  public int weight() {
    int bytes = OVERHEAD;
    if (whole != null) {
      bytes += whole.length;
    }
    if (events != null) {
      for (byte[] event : events) {
        bytes += event.length + PER_EVENT;
      }
    }
    return bytes;
  }
}
