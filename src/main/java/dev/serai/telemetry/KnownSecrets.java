package dev.serai.telemetry;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Secrets by their salted SHA-256. A text is looked through with a window of eight bytes: a filter
 * of 65,536 bits says for nearly all of them that no secret begins there.
 */
final class KnownSecrets {

  /** Bytes: the size of the window, and so the shortest secret that is known. */
  static final int SHORTEST = Long.BYTES;

  /** Bytes: what is shorter counts only where it is not a part of a longer word. */
  private static final int SAFE_INSIDE_WORDS = 16;

  private final byte[] salt = new byte[32];
  private final long bitFactor;
  private final long keyFactor;
  private final Map<Integer, Set<Print>> byBeginning = new ConcurrentHashMap<>();
  private volatile Filter filter;

  private record Print(int length, String digest) {}

  /** Whether a secret may begin with a window. */
  static final class Filter {
    private final long factor;
    private final long[] bits;

    private Filter(long factor, long[] bits) {
      this.factor = factor;
      this.bits = bits;
    }

    boolean mayBegin(long window) {
      int bit = (int) ((window * factor) >>> 48);
      return (bits[bit >>> 6] & (1L << bit)) != 0;
    }
  }

  KnownSecrets() {
    SecureRandom random = new SecureRandom();
    random.nextBytes(salt);
    bitFactor = random.nextLong() | 1;
    keyFactor = random.nextLong() | 1;
    filter = new Filter(bitFactor, new long[1024]);
  }

  Filter filter() {
    return filter;
  }

  synchronized void add(byte[] secret) {
    if (secret.length < SHORTEST) {
      return;
    }
    long window = 0;
    for (int i = 0; i < SHORTEST; i++) {
      window = (window << 8) | (secret[i] & 0xff);
    }
    Print print = new Print(secret.length, digest(secret, 0, secret.length));
    byBeginning.computeIfAbsent(key(window), k -> ConcurrentHashMap.newKeySet()).add(print);
    int bit = (int) ((window * bitFactor) >>> 48);
    long[] bits = filter.bits.clone();
    bits[bit >>> 6] |= 1L << bit;
    filter = new Filter(bitFactor, bits);
  }

  /** Where the longest secret that begins at this place ends; -1 when none begins there. */
  int end(byte[] text, int from, long window) {
    int end = -1;
    for (Print print : byBeginning.getOrDefault(key(window), Set.of())) {
      int to = from + print.length;
      if (to > end
          && to <= text.length
          && (print.length >= SAFE_INSIDE_WORDS || isWord(text, from, to))
          && print.digest.equals(digest(text, from, print.length))) {
        end = to;
      }
    }
    return end;
  }

  private static boolean isWord(byte[] text, int from, int to) {
    return (from == 0 || !letterOrDigit(text[from - 1]))
        && (to == text.length || !letterOrDigit(text[to]));
  }

  static boolean letterOrDigit(byte b) {
    return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z');
  }

  private Integer key(long window) {
    return (int) ((window * keyFactor) >>> 32);
  }

  private String digest(byte[] text, int from, int length) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(salt);
      sha.update(text, from, length);
      return HexFormat.of().formatHex(Arrays.copyOf(sha.digest(), 16));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
