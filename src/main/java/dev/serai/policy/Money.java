package dev.serai.policy;

import java.math.BigDecimal;

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
}
