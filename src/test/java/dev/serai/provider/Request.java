package dev.serai.provider;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 request as it arrived.
 *
 * @param headers names in lower case; values of a repeated name joined with a comma
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Request(String method, String path, Map<String, String> headers, byte[] body) {

  /** The next request on a connection; null when there is none any more. */
  static @Nullable Request read(Inbound in, OutputStream out)
      throws IOException, InterruptedException {
    String start = in.line();
    if (start == null) {
      return null;
    }
    String[] words = start.split(" ", -1);
    if (words.length != 3) {
      throw new IOException("no request line");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = in.line(); ; line = in.line()) {
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        break;
      }
      int colon = line.indexOf(':');
      headers.merge(
          line.substring(0, colon).toLowerCase(Locale.ROOT),
          line.substring(colon + 1).strip(),
          (a, b) -> a + "," + b);
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
      out.flush();
    }
    byte[] body =
        headers.containsKey("transfer-encoding")
            ? chunked(in)
            : in.bytes(Integer.parseInt(headers.getOrDefault("content-length", "0")));
    return body == null ? null : new Request(words[0], words[1], headers, body);
  }

  private static byte @Nullable [] chunked(Inbound in) throws InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    while (true) {
      String size = in.line();
      byte[] chunk = size == null ? null : in.bytes(Integer.parseInt(size.strip(), 16));
      if (chunk == null || in.line() == null) {
        return null;
      }
      if (chunk.length == 0) {
        return body.toByteArray();
      }
      body.writeBytes(chunk);
    }
  }
}
