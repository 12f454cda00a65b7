package dev.serai.dialect;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Well-formed UTF-8 by Unicode's table 3-7; JSON parsers let overlong forms through. */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private Utf8() {}

  /** Whether the bytes start with the byte order mark EF BB BF. */
  static boolean hasMark(byte[] bytes) {
    return bytes.length >= 3
        && bytes[0] == (byte) 0xEF
        && bytes[1] == (byte) 0xBB
        && bytes[2] == (byte) 0xBF;
  }

  /** Whether all bytes are well-formed UTF-8: no overlong form, no surrogate, no open end. */
  static boolean isValid(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      while (at + 8 <= bytes.length && ((long) LONGS.get(bytes, at) & 0x8080808080808080L) == 0) {
        at += 8;
      }
      if (at == bytes.length) {
        return true;
      }
      int length = sequenceAt(bytes, at);
      if (length == 0) {
        return false;
      }
      at += length;
    }
    return true;
  }

  private static int sequenceAt(byte[] bytes, int at) {
    int first = bytes[at] & 0xFF;
    if (first < 0x80) {
      return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
      return 0;
    }
    int length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (at + length > bytes.length) {
      return 0;
    }
    int second = bytes[at + 1] & 0xFF;
    int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = at + 2; i < at + length; i++) {
      if ((bytes[i] & 0xC0) != 0x80) {
        return 0;
      }
    }
    return length;
  }
}
