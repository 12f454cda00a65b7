package dev.serai.pricelist;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Prices for one token, as public files have them. */
final class PerToken {
  private static final int MILLION = 6;
  private static final BigDecimal MOST = BigDecimal.valueOf(10_000);

  /** Price files are written by programs that reckon in floating point: 3.0000000000000004e-07. */
  private static final int DECIMALS = 6;

  private PerToken() {}

  /**
   * USD for a token as USD per million; null when the field is missing or null.
   *
   * @param amount a number, or a text that holds one
   * @throws NumberFormatException when it is none, negative, above USD 10,000 per million, or too
   *     small to be said
   */
  static @Nullable BigDecimal usdPerMillion(JsonNode amount) {
    BigDecimal usd = usd(amount);
    if (usd == null) {
      return null;
    }
    BigDecimal million = usd.movePointRight(MILLION);
    if (million.compareTo(MOST) > 0) {
      throw new NumberFormatException("above USD 10,000 per million tokens");
    }
    BigDecimal rounded = million.setScale(DECIMALS, RoundingMode.HALF_UP);
    if (rounded.signum() == 0 && million.signum() > 0) {
      throw new NumberFormatException("below USD 0.000001 per million tokens");
    }
    return rounded;
  }

  /**
   * An amount; null when the field is missing or null.
   *
   * @throws NumberFormatException when it is none or negative
   */
  static @Nullable BigDecimal usd(JsonNode amount) {
    if (amount.isMissingNode() || amount.isNull()) {
      return null;
    }
    BigDecimal usd;
    if (amount.isNumber()) {
      usd = amount.decimalValue();
    } else if (amount.isTextual() && amount.textValue().length() <= 40) {
      usd = number(amount.textValue().strip());
    } else {
      throw new NumberFormatException("a price that is no number");
    }
    if (usd.signum() < 0) {
      throw new NumberFormatException("a negative price");
    }
    // Nothing finer or larger than this is a price, and to shift it would take gigabytes.
    if (usd.signum() != 0 && (usd.scale() > 60 || usd.precision() - usd.scale() > 20)) {
      throw new NumberFormatException("a price beyond all measure");
    }
    return usd;
  }

  private static BigDecimal number(String text) {
    try {
      return new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw (NumberFormatException)
          new NumberFormatException("a price that is no number").initCause(e);
    }
  }
}
