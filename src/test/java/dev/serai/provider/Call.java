package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call that the test provider saw, and what became of it. Safe to read from any thread. */
public final class Call {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final int number;
  private final long arrivedNanos;
  private final Request request;
  private final JsonNode json;
  private volatile int status;
  private volatile @Nullable Tokens tokens;
  private volatile int events;
  private volatile boolean complete;
  private volatile boolean ended;
  private volatile boolean clientLeft;
  private volatile int eventsWhenClientLeft = -1;

  Call(int number, long arrivedNanos, Request request) {
    this.number = number;
    this.arrivedNanos = arrivedNanos;
    this.request = request;
    this.json = parse(request.body());
  }

  private static JsonNode parse(byte[] body) {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Unique and rising over the provider's life, from 1. */
  public int number() {
    return number;
  }

  /** When the whole request had arrived, by {@link System#nanoTime}. */
  public long arrivedNanos() {
    return arrivedNanos;
  }

  public String method() {
    return request.method();
  }

  /** With the query, as it stood in the request line. */
  public String path() {
    return request.path();
  }

  /** Names in lower case. */
  public Map<String, String> headers() {
    return request.headers();
  }

  /** The header's value, or an empty text. */
  public String header(String lowerCaseName) {
    return request.headers().getOrDefault(lowerCaseName, "");
  }

  public byte[] body() {
    return request.body().clone();
  }

  /** The body; a missing node when there was none. */
  public JsonNode json() {
    return json;
  }

  /** True for an embeddings request. */
  public boolean embeddings() {
    return path().endsWith("/embeddings");
  }

  public boolean streaming() {
    return json.path("stream").asBoolean();
  }

  boolean asksForUsage() {
    return json.path("stream_options").path("include_usage").asBoolean();
  }

  /** The HTTP status that was answered; 0 when nothing was. */
  public int status() {
    return status;
  }

  /**
   * The usage that stands in the answer, which the client has seen when it is {@link #complete};
   * null when the answer has none.
   */
  public @Nullable Tokens tokens() {
    return tokens;
  }

  /** The answer's {@code id}. */
  public String answerId() {
    return "chatcmpl-fake-" + number;
  }

  /** How many SSE events were written so far. */
  public int events() {
    return events;
  }

  /** True when the answer was written to its end. */
  public boolean complete() {
    return complete;
  }

  /** True when nothing more will be written. */
  public boolean ended() {
    return ended;
  }

  /** True when the client closed the connection before the answer had ended. */
  public boolean clientLeft() {
    return clientLeft;
  }

  /** How many events had been written when the client left; -1 when it did not leave. */
  public int eventsWhenClientLeft() {
    return eventsWhenClientLeft;
  }

  void answered(int httpStatus) {
    status = httpStatus;
  }

  void reported(Tokens used) {
    tokens = used;
  }

  synchronized void wroteEvent() {
    events++;
  }

  synchronized void complete(boolean whole) {
    complete = whole;
  }

  synchronized void end() {
    ended = true;
  }

  synchronized void clientGone() {
    if (!ended && !complete) {
      eventsWhenClientLeft = events;
      clientLeft = true;
    }
  }

  @Override
  public String toString() {
    return "call %d (status %d, %d events%s%s)"
        .formatted(
            number, status, events, complete ? ", complete" : "", clientLeft ? ", left" : "");
  }
}
