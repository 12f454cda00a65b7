package dev.serai.policy;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import java.nio.charset.StandardCharsets;

/**
 * Counts tokens before a call, and after it where the provider does not say. Safe for use by many
 * threads. An encoding is loaded by the first text that needs it, which takes some 200 ms.
 *
 * <p>Exact for OpenAI's models as far as one text goes; what a chat adds around its messages is the
 * caller's to add. For other models the count is that of GPT-4o's encoding, an estimate.
 */
public final class TokenCounter {
  /** Longer texts are counted up to here, and the rest is reckoned from that. */
  public static final int COUNTED_CHARS = 200_000;

  /**
   * A longer run of letters, blanks or signs is cut: an encoding takes far longer than linear time
   * for a piece without an end. Each cut may add a token or two.
   */
  static final int LONGEST_RUN = 64;

  private static final String[] CL100K = {
    "gpt-4-", "gpt-3.5", "text-embedding-3", "text-embedding-ada"
  };
  private static final String[] O200K = {
    "gpt-4o", "gpt-4.", "gpt-5", "chatgpt-4o", "o1", "o3", "o4"
  };

  private static final String[] KNOWN_FORMAT = {"gpt-4o", "gpt-4.", "gpt-5", "chatgpt-4o"};

  /** Some 40 MB each once loaded, and never changed: one of each is enough for a process. */
  private static final EncodingRegistry ENCODINGS = Encodings.newLazyEncodingRegistry();

  private final AsciiPieces asciiPieces =
      new AsciiPieces(piece -> encoded(EncodingType.O200K_BASE, piece));

  /**
   * The tokens of a text.
   *
   * @param modelId as the provider is told it; an {@code openai/} in front does not matter
   * @return 0 or more; rounded up where a part of the text was counted only
   */
  public long count(String modelId, CharSequence text) {
    if (text.length() <= COUNTED_CHARS) {
      return countWhole(encodingOf(modelId), text.toString());
    }
    boolean pair = Character.isHighSurrogate(text.charAt(COUNTED_CHARS - 1));
    int end = pair ? COUNTED_CHARS - 1 : COUNTED_CHARS;
    long counted = countWhole(encodingOf(modelId), text.subSequence(0, end).toString());
    long countedBytes = bytes(text, 0, end);
    long bytes = countedBytes + bytes(text, end, text.length());
    return Math.ceilDiv(Math.multiplyExact(counted, bytes), countedBytes);
  }

  /** True when the count is the provider's own way of counting, not an estimate. */
  public boolean exact(String modelId) {
    String model = bare(modelId);
    return startsWithAny(model, O200K) || isCl100k(model);
  }

  /** Whether it is also known what the model's chat format adds around the messages. */
  public boolean exactInChats(String modelId) {
    String model = bare(modelId);
    return startsWithAny(model, KNOWN_FORMAT) || isCl100k(model);
  }

  /** Whether the text is counted as it stands, without a cut. */
  public boolean countsWhole(String modelId, String text) {
    if (text.length() > COUNTED_CHARS) {
      return false;
    }
    boolean byHand =
        encodingOf(modelId) == EncodingType.O200K_BASE && endOfAscii(text, 0) == text.length();
    return byHand ? AsciiPieces.longest(text) <= LONGEST_RUN : longestRun(text) <= LONGEST_RUN;
  }

  /** The encoding that the model's texts are counted in, by the name tiktoken has for it. */
  public String encoding(String modelId) {
    return encodingOf(modelId).getName();
  }

  /**
   * The text that these tokens of the model's encoding stand for.
   *
   * @throws IllegalArgumentException when one of them is none
   */
  public String text(String modelId, int[] tokens) {
    IntArrayList list = new IntArrayList(tokens.length);
    for (int token : tokens) {
      list.add(token);
    }
    try {
      return ENCODINGS.getEncoding(encodingOf(modelId)).decode(list);
    } catch (NullPointerException e) {
      // That is how the library says it.
      throw new IllegalArgumentException("one of the tokens is not in the encoding");
    }
  }

  /** Loads the encoding that most models use, so that the first request need not. */
  public void warmUp() {
    ENCODINGS.getEncoding(EncodingType.O200K_BASE);
  }

  private long countWhole(EncodingType encoding, String text) {
    if (encoding != EncodingType.O200K_BASE) {
      return countCut(encoding, wellFormed(text));
    }
    return endOfAscii(text, 0) == text.length()
        ? asciiPieces.count(text)
        : countMixed(wellFormed(text));
  }

  /** ASCII by hand, and from the seam before other characters to the one after them otherwise. */
  private long countMixed(String text) {
    long tokens = 0;
    int start = 0;
    while (start < text.length()) {
      int other = endOfAscii(text, start);
      if (other == text.length()) {
        return tokens + asciiPieces.count(text.substring(start));
      }
      int before = other - 1;
      while (before > start && !isSeam(text, before)) {
        before--;
      }
      int after = other + 1;
      while (after < text.length() && !isSeam(text, after)) {
        after++;
      }
      if (before > start) {
        tokens += asciiPieces.count(text.substring(start, before));
      } else {
        before = start;
      }
      tokens += countCut(EncodingType.O200K_BASE, text.substring(before, after));
      start = after;
    }
    return tokens;
  }

  /** A blank between two ASCII letters: whatever stands around, a piece starts with it. */
  private static boolean isSeam(String text, int i) {
    return text.charAt(i) == ' '
        && i + 1 < text.length()
        && AsciiPieces.isLetter(text.charAt(i - 1))
        && AsciiPieces.isLetter(text.charAt(i + 1));
  }

  private long countCut(EncodingType encoding, String text) {
    long tokens = 0;
    int start = 0;
    int run = 0;
    int kind = -1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int kindOfChar = kindOf(c);
      run = kindOfChar == kind ? run + 1 : 1;
      kind = kindOfChar;
      if (run > LONGEST_RUN && !Character.isLowSurrogate(c)) {
        tokens += encoded(encoding, text.substring(start, i));
        start = i;
        run = 1;
      }
    }
    return tokens + encoded(encoding, start == 0 ? text : text.substring(start));
  }

  /** Without halves of surrogate pairs, which the encodings do not take. */
  private static String wellFormed(String text) {
    return text.chars().anyMatch(c -> Character.isSurrogate((char) c))
        ? new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)
        : text;
  }

  private static int longestRun(String text) {
    int longest = 0;
    int run = 0;
    int kind = -1;
    for (int i = 0; i < text.length(); i++) {
      int kindOfChar = kindOf(text.charAt(i));
      run = kindOfChar == kind ? run + 1 : 1;
      kind = kindOfChar;
      longest = Math.max(longest, run);
    }
    return longest;
  }

  private int encoded(EncodingType encoding, String text) {
    return ENCODINGS.getEncoding(encoding).countTokensOrdinary(text);
  }

  private static int kindOf(char c) {
    if (Character.isWhitespace(c)) {
      return 0;
    }
    boolean letter =
        Character.isLetter(c)
            || Character.getType(c) == Character.NON_SPACING_MARK
            || Character.getType(c) == Character.COMBINING_SPACING_MARK;
    return letter ? 1 : 2;
  }

  private static int endOfAscii(String text, int start) {
    int end = start;
    while (end < text.length() && text.charAt(end) <= '\u007f') {
      end++;
    }
    return end;
  }

  /** In UTF-8; half a surrogate pair counts as much as half a pair. */
  private static long bytes(CharSequence text, int start, int end) {
    long bytes = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c <= '\u007f') {
        bytes += 1;
      } else if (c <= '\u07ff' || Character.isSurrogate(c)) {
        bytes += 2;
      } else {
        bytes += 3;
      }
    }
    return bytes;
  }

  private static EncodingType encodingOf(String modelId) {
    return isCl100k(bare(modelId)) ? EncodingType.CL100K_BASE : EncodingType.O200K_BASE;
  }

  private static boolean isCl100k(String model) {
    return model.equals("gpt-4") || startsWithAny(model, CL100K);
  }

  private static String bare(String modelId) {
    return modelId.startsWith("openai/") ? modelId.substring("openai/".length()) : modelId;
  }

  private static boolean startsWithAny(String text, String[] prefixes) {
    for (String prefix : prefixes) {
      if (text.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
