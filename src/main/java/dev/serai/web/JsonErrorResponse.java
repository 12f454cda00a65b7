package dev.serai.web;

import dev.serai.chat.ApiError;
import dev.serai.dialect.ErrorBody;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;

/**
 * Writes what others would send as an HTML error page as the contract's JSON, there and then, and
 * lets an answer of known length be copied in one piece.
 */
final class JsonErrorResponse extends HttpServletResponseWrapper {

  private static final int SMALLEST_COPY = 512;
  private static final int LARGEST_COPY = 1 << 20;
  private static final int EVENT_COPY = 2048;

  private int copySize = EVENT_COPY;

  JsonErrorResponse(HttpServletResponse response) {
    super(response);
  }

  @Override
  public void addHeader(String name, String value) {
    super.addHeader(name, value);
    if (name.equalsIgnoreCase("Content-Length")) {
      copySize = Math.clamp(Long.parseLong(value) + 1, SMALLEST_COPY, LARGEST_COPY);
    }
  }

  /** How much whoever copies an answer into this response should take at a time. */
  @Override
  public int getBufferSize() {
    return copySize;
  }

  @Override
  public void sendError(int status) throws IOException {
    fail(ErrorPages.error(status));
  }

  @Override
  public void sendError(int status, String message) throws IOException {
    sendError(status);
  }

  void fail(ApiError error) throws IOException {
    if (isCommitted()) {
      return;
    }
    resetBuffer();
    byte[] body = ErrorBody.json(error.message(), error.type(), error.param(), error.code());
    setStatus(error.status());
    setContentType("application/json");
    setContentLength(body.length);
    if (error.status() == SC_REQUEST_ENTITY_TOO_LARGE) {
      // What is left of the body stays unread, so this connection can carry no other request.
      setHeader("Connection", "close");
    }
    if (error.retryAfter() != null) {
      setHeader("Retry-After", Long.toString(Math.max(1, error.retryAfter().toSeconds())));
    }
    getOutputStream().write(body);
    flushBuffer();
  }
}
