package dev.serai.limit;

import io.github.bucket4j.ConsumptionProbe;
import java.time.Duration;

/**
 * How a limit stands after something was taken from it, or was not.
 *
 * @param draw what was to be taken
 * @param granted whether it was
 * @param remaining what is left in this window, 0 or more
 * @param endNanos {@link System#nanoTime} of the window's end, when all of it is there again
 */
public record Standing(Draw draw, boolean granted, long remaining, long endNanos) {

  static Standing of(Draw draw, ConsumptionProbe probe, long nowNanos) {
    return new Standing(
        draw,
        probe.isConsumed(),
        Math.max(0, probe.getRemainingTokens()),
        nowNanos
            + (probe.isConsumed()
                ? probe.getNanosToWaitForReset()
                : probe.getNanosToWaitForRefill()));
  }

  /** Until all of it is there again; zero or more. */
  public Duration reset() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  /** Whether more than the whole limit was asked for. */
  public boolean neverFits() {
    return draw.amount() > draw.limit();
  }

  Standing with(Draw original) {
    return new Standing(original, granted, remaining, endNanos);
  }

  Standing returned(long amount) {
    return new Standing(draw, granted, Math.clamp(remaining + amount, 0, draw.limit()), endNanos);
  }
}
