package dev.serai.dialect;

/**
 * A piece of a byte array.
 *
 * @param start the first byte
 * @param end one after the last byte
 */
record Span(int start, int end) {

  int length() {
    return end - start;
  }
}
