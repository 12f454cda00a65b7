package dev.serai.catalog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * The fixed rate of a provider.
 *
 * @param permits how many calls may start within one period, 1 or more
 * @param period how long a period is
 */
public record Rate(int permits, Duration period) {
  private static final BigDecimal SECOND_MILLIS = BigDecimal.valueOf(1000);
  private static final int DECIMALS = 3;

  /**
   * Calls per second as a whole number of calls per period: 5 is five per second, 2.5 is five per
   * two seconds, 0.5 is one per two seconds. Below one call per second the period is rounded up to
   * a millisecond, and decimals after the third are cut off, so that the rate is never exceeded.
   *
   * @param perSecond more than 0
   */
  static Rate of(BigDecimal perSecond) {
    if (perSecond.compareTo(BigDecimal.ONE) < 0) {
      long millis = SECOND_MILLIS.divide(perSecond, 0, RoundingMode.CEILING).longValueExact();
      return new Rate(1, Duration.ofMillis(millis));
    }
    BigDecimal exact = perSecond.setScale(DECIMALS, RoundingMode.DOWN).stripTrailingZeros();
    int seconds = 1;
    while (exact.multiply(BigDecimal.valueOf(seconds)).stripTrailingZeros().scale() > 0) {
      seconds++;
    }
    int permits = exact.multiply(BigDecimal.valueOf(seconds)).intValueExact();
    return new Rate(permits, Duration.ofSeconds(seconds));
  }
}
