package dev.serai.dialect;

import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressions;
import java.util.regex.Pattern;

/**
 * A regular expression that a caller wrote. Java's matcher tries every way through it, which can be
 * more than the age of the universe allows; here it gives up after a number of characters looked
 * at.
 */
final class BoundedPattern implements RegularExpression {

  private static final int MOST_LOOKS = 1_000_000;

  private final Pattern pattern;

  private BoundedPattern(Pattern pattern) {
    this.pattern = pattern;
  }

  static RegularExpression of(String regex) {
    String java =
        RegularExpressions.replaceLongformCharacterProperties(
            RegularExpressions.replaceDollarAnchors(regex));
    return new BoundedPattern(Pattern.compile(java));
  }

  /**
   * Whether it occurs in a text.
   *
   * @throws TooManyStepsException when that is not known after a million characters
   */
  @Override
  public boolean matches(String value) {
    return pattern.matcher(new Looked(value)).find();
  }

  /** A text that counts how often it is looked at. */
  private static final class Looked implements CharSequence {
    private final String text;
    private int looks;

    Looked(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      if (++looks > MOST_LOOKS) {
        throw new TooManyStepsException();
      }
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
