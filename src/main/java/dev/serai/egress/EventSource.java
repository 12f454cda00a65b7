package dev.serai.egress;

import org.jspecify.annotations.Nullable;

/** The events of a streamed answer, one after the other. Used by one thread at a time. */
public interface EventSource {

  /**
   * The next event, exactly as it came, its closing blank line included; null at the regular end.
   *
   * @throws UpstreamException when the stream broke, stalled or was cancelled
   */
  byte @Nullable [] next();

  /** Whether the next event is there already, so that {@link #next} would not wait for it. */
  boolean ready();

  /**
   * The last event was seen: gives the connection back, waiting a moment for the target to end the
   * stream too.
   */
  void finish();

  /**
   * Ends the call at once, from any thread; the target stops working. Does nothing after the end.
   */
  void cancel();
}
