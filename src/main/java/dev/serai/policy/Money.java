package dev.serai.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Nano-dollars (10<sup>-9</sup> USD) as people and JSON read them. */
public final class Money {
  private static final int DECIMALS = 9;
  private static final int CENTS = 2;

  private Money() {}

  /** In USD, exact, without zeros at the end beyond the cents: 1.20, 0.0001, 0.00. */
  public static BigDecimal usd(long nanos) {
    BigDecimal exact = BigDecimal.valueOf(nanos, DECIMALS).stripTrailingZeros();
    return exact.scale() < CENTS ? exact.setScale(CENTS) : exact;
  }

  /** Such as {@code $1.23} or {@code $0.00000045}: never rounded, so never rounded to nothing. */
  public static String text(long nanos) {
    BigDecimal usd = usd(nanos);
    return (usd.signum() < 0 ? "-$" : "$") + usd.abs().toPlainString();
  }

  /**
   * An amount of any fineness for people: to the nano-dollar, rounded half up, so that what is less
   * than half of one reads {@code <$0.000000001} and not as nothing.
   *
   * @param usd from -9 to 9 billion
   */
  public static String text(BigDecimal usd) {
    BigDecimal nanos = usd.movePointRight(DECIMALS).setScale(0, RoundingMode.HALF_UP);
    if (nanos.signum() == 0 && usd.signum() != 0) {
      return "<$0.000000001";
    }
    return text(nanos.longValueExact());
  }
}
