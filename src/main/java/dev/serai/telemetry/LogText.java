package dev.serai.telemetry;

/** What strangers wrote, made fit for a log line. */
public final class LogText {

  private static final int LONGEST = 200;

  private LogText() {}

  /**
   * The text with everything that could end a line, begin a field or hide something replaced by
   * {@code _}, and cut to 200 characters.
   */
  public static CharSequence safe(String text) {
    int length = Math.min(text.length(), LONGEST);
    for (int i = 0; i < length; i++) {
      if (!fits(text.charAt(i))) {
        return replaced(text, length);
      }
    }
    return length == text.length() ? text : text.substring(0, length);
  }

  private static CharSequence replaced(String text, int length) {
    StringBuilder safe = new StringBuilder(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      safe.append(fits(c) ? c : '_');
    }
    return safe;
  }

  private static boolean fits(char c) {
    return c > ' ' && c < 127 && c != '"' && c != '=';
  }
}
