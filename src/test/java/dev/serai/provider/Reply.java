package dev.serai.provider;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The way back to the client of one {@link Call}: what a {@link Behaviour} plays on. */
public final class Reply {
  private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");

  private final Socket socket;
  private final OutputStream out;
  private final Inbound in;
  private final Call call;
  private boolean reusable;

  Reply(Socket socket, OutputStream out, Inbound in, Call call) {
    this.socket = socket;
    this.out = out;
    this.in = in;
    this.call = call;
  }

  /** What is being answered. */
  public Call call() {
    return call;
  }

  /** Waits at most this long; true as soon as the client has left. */
  public boolean clientLeftWithin(Duration time) throws InterruptedException {
    return in.leftWithin(time);
  }

  /** Waits until the client leaves or the provider is closed. */
  public void awaitClientLeft() throws InterruptedException {
    in.awaitLeft();
  }

  /** A whole answer. */
  public void whole(int status, Map<String, String> headers, byte[] body) throws IOException {
    head(status, headers, "Content-Length: " + body.length);
    last(body);
  }

  /** Only the head and the first bytes of a whole answer of that length. */
  public void part(int status, Map<String, String> headers, byte[] body, int bytes)
      throws IOException {
    head(status, headers, "Content-Length: " + body.length);
    out.write(body, 0, bytes);
    out.flush();
  }

  /** Opens a stream: the head goes out now. */
  public void open(int status, Map<String, String> headers) throws IOException {
    head(status, headers, "Transfer-Encoding: chunked");
    out.flush();
  }

  /** One SSE event, with its blank line, as a chunk of its own. */
  public void event(byte[] event) throws IOException {
    // Before the write: a client that has read the event must find it counted.
    call.wroteEvent();
    out.write(ascii(Integer.toHexString(event.length) + "\r\n"));
    out.write(event);
    out.write(ascii("\r\n"));
    out.flush();
  }

  /** Ends a stream as it should be. */
  public void end() throws IOException {
    last(LAST_CHUNK);
  }

  /** Closes the connection, whatever was promised. */
  public void cut() throws IOException {
    call.end();
    socket.close();
  }

  /** Resets the connection (RST); what the client has not read may be lost to it. */
  public void reset() throws IOException {
    call.end();
    socket.setSoLinger(true, 0);
    socket.close();
  }

  boolean reusable() {
    return reusable;
  }

  private void head(int status, Map<String, String> headers, String framing) throws IOException {
    StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    call.answered(status);
    out.write(ascii(head + framing + "\r\n\r\n"));
  }

  private void last(byte[] bytes) throws IOException {
    // Before the write: a client that has read everything must find the call complete.
    call.complete(true);
    reusable = true;
    try {
      out.write(bytes);
      out.flush();
    } catch (IOException e) {
      call.complete(false);
      throw e;
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
