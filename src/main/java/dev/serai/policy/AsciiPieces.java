package dev.serai.policy;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Counts tokens of ASCII text in the encoding o200k_base without its regular expression, which
 * takes longer than everything else together.
 *
 * <p>The encoding cuts text into pieces before it looks for tokens, and a piece's tokens depend on
 * nothing but the piece. So the pieces are cut here by hand, and the counts of those that were seen
 * lately are remembered. The rules are those of tiktoken's {@code o200k_base} pattern, restricted
 * to ASCII; a test compares both on random text.
 */
final class AsciiPieces {
  private static final int LONGEST_REMEMBERED = 32;
  private static final int SLOTS = 1 << 13;
  private static final int HASH_FACTOR = 31;

  private final ToIntFunction<String> counter;

  /** Written without a lock: entries are immutable, and a lost one is counted again. */
  private final @Nullable Counted[] remembered = new @Nullable Counted[SLOTS];

  private record Counted(String piece, int tokens) {}

  /**
   * @param counter counts the tokens of one piece
   */
  AsciiPieces(ToIntFunction<String> counter) {
    this.counter = counter;
  }

  /**
   * @param text ASCII only
   */
  long count(String text) {
    long tokens = 0;
    int start = 0;
    while (start < text.length()) {
      int end = endOfPiece(text, start);
      for (; end - start > TokenCounter.LONGEST_RUN; start += TokenCounter.LONGEST_RUN) {
        tokens += tokens(text, start, start + TokenCounter.LONGEST_RUN);
      }
      tokens += tokens(text, start, end);
      start = end;
    }
    return tokens;
  }

  /** The length of the longest piece. */
  static int longest(String text) {
    int longest = 0;
    int end;
    for (int start = 0; start < text.length(); start = end) {
      end = endOfPiece(text, start);
      longest = Math.max(longest, end - start);
    }
    return longest;
  }

  private int tokens(String text, int start, int end) {
    int length = end - start;
    if (length > LONGEST_REMEMBERED) {
      return counter.applyAsInt(text.substring(start, end));
    }
    int hash = length;
    for (int i = start; i < end; i++) {
      hash = hash * HASH_FACTOR + text.charAt(i);
    }
    int slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    Counted counted = remembered[slot];
    if (counted != null
        && counted.piece().length() == length
        && text.regionMatches(start, counted.piece(), 0, length)) {
      return counted.tokens();
    }
    String piece = text.substring(start, end);
    int tokens = counter.applyAsInt(piece);
    remembered[slot] = new Counted(piece, tokens);
    return tokens;
  }

  static int endOfPiece(String text, int start) {
    char first = text.charAt(start);
    if (isLetter(first)) {
      return endOfWord(text, start);
    }
    if (isDigit(first)) {
      int end = start + 1;
      while (end < start + 3 && end < text.length() && isDigit(text.charAt(end))) {
        end++;
      }
      return end;
    }
    int next = start + 1;
    char second = next < text.length() ? text.charAt(next) : '\n';
    if (!isNewline(first) && isLetter(second)) {
      return endOfWord(text, next);
    }
    if (isMark(first)) {
      return endOfMarks(text, start);
    }
    if (first == ' ' && isMark(second)) {
      return endOfMarks(text, next);
    }
    return endOfSpace(text, start);
  }

  /** Capitals, then small letters, then a contraction such as {@code 's}. */
  private static int endOfWord(String text, int start) {
    int end = start;
    while (end < text.length() && isCapital(text.charAt(end))) {
      end++;
    }
    while (end < text.length() && isSmall(text.charAt(end))) {
      end++;
    }
    if (end + 1 < text.length() && text.charAt(end) == '\'') {
      char first = small(text.charAt(end + 1));
      char second = end + 2 < text.length() ? small(text.charAt(end + 2)) : ' ';
      if (first == 's' || first == 't' || first == 'm' || first == 'd') {
        return end + 2;
      }
      if ((first == 'r' && second == 'e')
          || (first == 'v' && second == 'e')
          || (first == 'l' && second == 'l')) {
        return end + 3;
      }
    }
    return end;
  }

  /** Marks, then line ends and slashes. */
  private static int endOfMarks(String text, int start) {
    int end = start;
    while (end < text.length() && isMark(text.charAt(end))) {
      end++;
    }
    while (end < text.length() && (isNewline(text.charAt(end)) || text.charAt(end) == '/')) {
      end++;
    }
    return end;
  }

  /** To the last line end; without one, all but the blank that belongs to what follows. */
  private static int endOfSpace(String text, int start) {
    int end = start;
    int afterNewline = -1;
    while (end < text.length() && isSpace(text.charAt(end))) {
      end++;
      if (isNewline(text.charAt(end - 1))) {
        afterNewline = end;
      }
    }
    if (afterNewline > 0) {
      return afterNewline;
    }
    return end == text.length() || end == start + 1 ? end : end - 1;
  }

  static boolean isLetter(char c) {
    return isCapital(c) || isSmall(c);
  }

  private static boolean isCapital(char c) {
    return c >= 'A' && c <= 'Z';
  }

  private static boolean isSmall(char c) {
    return c >= 'a' && c <= 'z';
  }

  private static char small(char c) {
    return isCapital(c) ? (char) (c + ('a' - 'A')) : c;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isNewline(char c) {
    return c == '\n' || c == '\r';
  }

  private static boolean isSpace(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  private static boolean isMark(char c) {
    return !isLetter(c) && !isDigit(c) && !isSpace(c);
  }
}
