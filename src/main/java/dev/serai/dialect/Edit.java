package dev.serai.dialect;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * A change to a body.
 *
 * @param place the bytes that are replaced; of no length to insert
 * @param text what takes their place
 */
record Edit(Span place, String text) {

  /** The body with the changes, which must not overlap; the body itself when there are none. */
  static byte[] apply(byte[] body, List<Edit> edits) {
    if (edits.isEmpty()) {
      return body;
    }
    edits.sort(Comparator.comparingInt(edit -> edit.place().start()));
    int removed = edits.stream().mapToInt(edit -> edit.place().length()).sum();
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length - removed + 128);
    int at = 0;
    for (Edit edit : edits) {
      out.write(body, at, edit.place().start() - at);
      out.writeBytes(edit.text().getBytes(StandardCharsets.UTF_8));
      at = edit.place().end();
    }
    out.write(body, at, body.length - at);
    return out.toByteArray();
  }
}
