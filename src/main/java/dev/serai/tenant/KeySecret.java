package dev.serai.tenant;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A new gateway key, in clear for the moment in which it is shown.
 *
 * @param key 256 random bits as 43 letters and digits behind {@code sk-serai-}
 */
public record KeySecret(String key) {

  private static final String PREFIX = "sk-serai-";
  private static final String DIGITS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int BITS = 256;
  private static final int LENGTH = 43;
  private static final int SHOWN = 4;
  private static final int ID_BYTES = 10;
  private static final Pattern FORM = Pattern.compile(PREFIX + "[0-9A-Za-z]{" + LENGTH + "}");
  private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

  /** One that nobody has seen. */
  public static KeySecret random(SecureRandom random) {
    BigInteger number = new BigInteger(BITS, random);
    char[] digits = new char[LENGTH];
    for (int i = LENGTH - 1; i >= 0; i--) {
      BigInteger[] parts = number.divideAndRemainder(BASE);
      digits[i] = DIGITS.charAt(parts[1].intValue());
      number = parts[0];
    }
    return new KeySecret(PREFIX + new String(digits));
  }

  /** An id for it, which is no secret and has nothing of it. */
  public static String randomId(SecureRandom random) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    return "key-" + HexFormat.of().formatHex(bytes);
  }

  /** Whether a text has the form of these keys. */
  static boolean fits(String text) {
    return FORM.matcher(text).matches();
  }

  /** Its visible beginning, by which people tell keys apart. */
  public String prefix() {
    return key.substring(0, PREFIX.length() + SHOWN);
  }

  /** What it is stored as. */
  public String hash() {
    return GatewayKey.hashOf(key);
  }

  @Override
  public String toString() {
    return "KeySecret[" + prefix() + "]";
  }
}
