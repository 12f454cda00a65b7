package dev.serai.policy;

import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** A sum in pico-dollars (10<sup>-12</sup> USD), exact however large it grows. */
final class Picos {
  private static final long PICOS_PER_NANO = 1_000;
  private static final long WHOLE = 10_000;

  private long sum;
  private @Nullable BigInteger beyond;

  /** Adds so many at that price each; neither is negative. */
  void add(long count, long each) {
    if (count == 0 || each == 0) {
      return;
    }
    if (beyond == null) {
      try {
        sum = Math.addExact(sum, Math.multiplyExact(count, each));
        return;
      } catch (ArithmeticException e) {
        beyond = BigInteger.valueOf(sum);
      }
    }
    beyond = beyond.add(BigInteger.valueOf(count).multiply(BigInteger.valueOf(each)));
  }

  /**
   * The sum with a mark-up, in nano-dollars: the one place where money is rounded, half up. More
   * than 9 billion dollars are as much as can be said.
   *
   * @param markUp in hundredths of a per cent, 0 or more
   */
  long nanos(int markUp) {
    if (beyond == null) {
      try {
        return markUp == 0
            ? Math.addExact(sum, PICOS_PER_NANO / 2) / PICOS_PER_NANO
            : Math.addExact(Math.multiplyExact(sum, WHOLE + markUp), PICOS_PER_NANO * WHOLE / 2)
                / (PICOS_PER_NANO * WHOLE);
      } catch (ArithmeticException e) {
        // falls through: it fits once it is divided
      }
    }
    BigInteger divisor = BigInteger.valueOf(PICOS_PER_NANO * WHOLE);
    return (beyond == null ? BigInteger.valueOf(sum) : beyond)
        .multiply(BigInteger.valueOf(WHOLE + markUp))
        .add(divisor.shiftRight(1))
        .divide(divisor)
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }
}
