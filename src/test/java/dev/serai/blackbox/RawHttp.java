package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Requests that no HTTP client would send. */
final class RawHttp {

  /** Writes a body, as long as the server takes it. */
  interface Body {
    void writeTo(OutputStream out) throws IOException;
  }

  private RawHttp() {}

  /**
   * Sends a head (lines end with {@code \n} here; {@code Host} and {@code Connection: close} are
   * added) and a body, and reads the answer while it does so.
   */
  static Answer send(int port, String head, Body body) throws IOException, InterruptedException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    Thread writer = Thread.ofVirtual().unstarted(() -> write(socket, head, body));
    try (socket) {
      socket.setSoTimeout(30_000);
      writer.start();
      return read(socket.getInputStream());
    } finally {
      writer.join();
    }
  }

  /** A request that was sent and whose answer has not been read. */
  interface Pending {
    Answer answer() throws IOException;
  }

  /** Sends a request before it returns, so that several go out in a certain order. */
  static Pending begin(int port, String head, Body body) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(60_000);
    write(socket, head, body);
    return () -> {
      try (socket) {
        return read(socket.getInputStream());
      }
    };
  }

  private static void write(Socket socket, String head, Body body) {
    String lines = head.strip() + "\nHost: 127.0.0.1\nConnection: close\n\n";
    try {
      OutputStream out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
      out.write(lines.replace("\n", "\r\n").getBytes(ISO_8859_1));
      body.writeTo(out);
      out.flush();
    } catch (IOException e) {
      // The server has heard enough; what it answered counts.
    }
  }

  private static Answer read(InputStream in) throws IOException {
    String start = line(in);
    if (start == null) {
      throw new IOException("closed without an answer");
    }
    Map<String, String> headers = new TreeMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int status = Integer.parseInt(Arrays.asList(start.split(" ", -1)).get(1));
    return new Answer(status, headers, body(in, headers));
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    String length = headers.get("content-length");
    if (length != null) {
      return in.readNBytes(Integer.parseInt(length));
    }
    if (!headers.containsKey("transfer-encoding")) {
      return in.readAllBytes();
    }
    StringBuilder body = new StringBuilder();
    for (String size = line(in); size != null && !size.equals("0"); size = line(in)) {
      body.append(new String(in.readNBytes(Integer.parseInt(size, 16)), ISO_8859_1));
      line(in);
    }
    return body.toString().getBytes(ISO_8859_1);
  }

  private static @Nullable String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
    }
    return line.isEmpty() ? null : line.toString();
  }
}
