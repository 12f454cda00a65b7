package dev.serai.ledger;

import org.jspecify.annotations.Nullable;

/** Text that every database takes: short enough, without NUL, without half surrogate pairs. */
final class Text {
  private Text() {}

  static @Nullable String clip(@Nullable String text, int length) {
    return text == null ? null : required(text, length);
  }

  /** What a NOT NULL column gets: the text cut at {@code length}, odd characters replaced. */
  static String required(String text, int length) {
    if (text.length() <= length && plain(text)) {
      return text;
    }
    StringBuilder out = new StringBuilder(Math.min(text.length(), length));
    text.codePoints()
        .map(
            c ->
                c < ' ' || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) ? '?' : c)
        .takeWhile(c -> out.length() + Character.charCount(c) <= length)
        .forEach(out::appendCodePoint);
    return out.toString();
  }

  private static boolean plain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || Character.isSurrogate(c)) {
        return false;
      }
    }
    return true;
  }
}
