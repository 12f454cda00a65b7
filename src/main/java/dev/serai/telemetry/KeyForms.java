package dev.serai.telemetry;

import static java.nio.charset.StandardCharsets.US_ASCII;

/**
 * The forms that keys are known by: {@code sk-…}, {@code Bearer …}, AWS's {@code AKIA…} and {@code
 * ASIA…}, Slack's {@code xox…}, Vault's {@code hvs.…}, 1Password's {@code ops_…}, signed tokens
 * ({@code eyJ….….…}) and private keys in PEM. All of them are longer than any example of them.
 */
final class KeyForms {

  private static final long SK = word("sk-");
  private static final long BEARER = word("bearer ");
  private static final long AKIA = word("AKIA");
  private static final long ASIA = word("ASIA");
  private static final long XOX = word("xox\0-");
  private static final long HVS = word("hvs.");
  private static final long OPS = word("ops_");
  private static final long JWT = word("eyJ");
  private static final long PEM = word("--BEGIN");
  private static final long SPACES = word("       ");
  private static final byte[] PRIVATE = "PRIVATE KEY-----".getBytes(US_ASCII);
  private static final byte[] END = "-----END".getBytes(US_ASCII);

  /** Bytes: what may stand between the beginning of a PEM block and the words PRIVATE KEY. */
  private static final int KIND = 40;

  /** At either end of a line of PEM; the next block may follow without a line break. */
  private static final int DASHES = 5;

  private static final int TOKEN = 16;

  /** The last three bytes of every prefix. */
  private static final String LAST =
      "sk-,er ,Er ,eR ,ER ,KIA,SIA,xa-,xb-,xe-,xo-,xp-,xr-,xs-,vs.,ps_,eyJ,GIN";

  private static final long[] LAST_THREE = lastThree();

  private KeyForms() {}

  private static long word(String text) {
    long word = 0;
    for (byte b : text.getBytes(US_ASCII)) {
      word = (word << 8) | (b & 0xff);
    }
    return word;
  }

  /** Whether the window may end with a prefix, by its last three bytes: nearly none does. */
  static boolean mayEndPrefix(long window) {
    int bit = bit(window);
    return (LAST_THREE[bit >>> 6] & (1L << bit)) != 0;
  }

  private static int bit(long window) {
    return ((int) (window & 0xffffff) * 0x9e3779b1) >>> 20;
  }

  private static long[] lastThree() {
    long[] bits = new long[1 << 6];
    for (String end : LAST.split(",", -1)) {
      int bit = bit(word(end));
      bits[bit >>> 6] |= 1L << bit;
    }
    return bits;
  }

  /** Where what is to be hidden would start, if the window ends with a prefix. */
  static int start(byte[] text, int last, long window) {
    return switch (text[last]) {
      case ' ' -> last + 1;
      case '-' -> tail(window, 3) == SK ? last - 2 : last - 4;
      case 'J' -> last - 2;
      case 'N' -> dashes(text, last - 6);
      default -> last - 3;
    };
  }

  /** Where a key ends whose prefix the window ends with; -1 when there is none. */
  static int end(byte[] text, int last, long window) {
    return switch (text[last]) {
      case ' ' -> (tail(window, 7) | SPACES) == BEARER ? run(text, last + 1, TOKEN) : -1;
      case '-' ->
          (tail(window, 3) == SK && begins(text, last - 2))
                  || ((tail(window, 5) & ~0xff00L) == XOX && begins(text, last - 4))
              ? run(text, last + 1, TOKEN)
              : -1;
      case 'A' ->
          (tail(window, 4) == AKIA || tail(window, 4) == ASIA) && begins(text, last - 3)
              ? run(text, last + 1, TOKEN)
              : -1;
      case '.' -> tail(window, 4) == HVS && begins(text, last - 3) ? run(text, last + 1, 20) : -1;
      case '_' -> tail(window, 4) == OPS && begins(text, last - 3) ? run(text, last + 1, 20) : -1;
      case 'J' -> tail(window, 3) == JWT && begins(text, last - 2) ? signed(text, last + 1) : -1;
      case 'N' -> tail(window, 7) == PEM ? pem(text, last + 1) : -1;
      default -> -1;
    };
  }

  private static long tail(long window, int bytes) {
    return window & ((1L << (8 * bytes)) - 1);
  }

  private static boolean begins(byte[] text, int start) {
    return start == 0 || !KnownSecrets.letterOrDigit(text[start - 1]);
  }

  private static int dashes(byte[] text, int start) {
    int first = start;
    while (first > 0 && text[first - 1] == '-') {
      first--;
    }
    return first;
  }

  private static boolean ofToken(byte b) {
    return KnownSecrets.letterOrDigit(b) || "-._~+/=".indexOf(b) >= 0;
  }

  private static int run(byte[] text, int from, int least) {
    int end = from;
    while (end < text.length && ofToken(text[end])) {
      end++;
    }
    return end - from >= least ? end : -1;
  }

  /** A header, a payload and a signature with dots between them. */
  private static int signed(byte[] text, int from) {
    int end = run(text, from, 30);
    int dots = 0;
    for (int i = from; i < end; i++) {
      dots += text[i] == '.' ? 1 : 0;
    }
    return dots == 2 ? end : -1;
  }

  private static int pem(byte[] text, int from) {
    int kind = find(text, PRIVATE, from, Math.min(text.length, from + KIND));
    if (kind < 0) {
      return -1;
    }
    int end = find(text, END, kind, text.length);
    if (end < 0) {
      return text.length;
    }
    end += END.length;
    while (end < text.length && text[end] != '-' && text[end] >= ' ') {
      end++;
    }
    int dashes = Math.min(text.length, end + DASHES);
    while (end < dashes && text[end] == '-') {
      end++;
    }
    return end;
  }

  private static int find(byte[] text, byte[] what, int from, int to) {
    for (int i = from; i + what.length <= to; i++) {
      int same = 0;
      while (same < what.length && text[i + same] == what[same]) {
        same++;
      }
      if (same == what.length) {
        return i;
      }
    }
    return -1;
  }
}
