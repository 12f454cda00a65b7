package dev.serai.egress;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An HTTP client, reduced to what calling a provider needs. */
interface Wire extends AutoCloseable {

  /** Makes a call ready; nothing is sent before {@link Call#open}. */
  Call post(URI uri, Map<String, String> headers, byte[] body);

  /** As {@link #post}, without a body. */
  Call get(URI uri, Map<String, String> headers);

  @Override
  void close();

  /** One call in the making. */
  interface Call {

    /**
     * Sends the request and waits for the response's head.
     *
     * @throws NoneFreeException when no connection became free in time
     * @throws NotSentException when no connection could be made
     * @throws IOException when the call broke later or was cancelled
     */
    Response open() throws IOException;

    /** Aborts the call from any thread, at any time, without reading what is left. */
    void cancel();
  }

  /** The head of a response and its live body. */
  interface Response {
    int status();

    @Nullable String header(String name);

    InputStream body() throws IOException;

    /** Gives the connection back when the body was read to its end; closes it otherwise. */
    void release();
  }

  /** Every connection that may be open to the target is in use. */
  final class NoneFreeException extends IOException {
    private static final long serialVersionUID = 1L;

    NoneFreeException(IOException cause) {
      super("no connection is free", cause);
    }
  }

  /** No connection could be made: nothing reached the target. */
  final class NotSentException extends IOException {
    private static final long serialVersionUID = 1L;

    NotSentException(IOException cause) {
      super(cause.getClass().getSimpleName(), cause);
    }
  }
}
