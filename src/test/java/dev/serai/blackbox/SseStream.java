package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.provider.Cassette;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A streamed answer, read event by event. Closing it early is the client's leaving. */
final class SseStream implements AutoCloseable {

  /**
   * One event.
   *
   * @param text with the blank line at its end
   * @param nanos when its last byte was read, by {@link System#nanoTime}
   */
  record Event(String text, long nanos) {
    boolean comment() {
      return text.startsWith(":");
    }

    boolean done() {
      return text.strip().equals("data: [DONE]");
    }

    /** The text that the event adds to the first choice. */
    String content() {
      return Cassette.data(bytes())
          .path("choices")
          .path(0)
          .path("delta")
          .path("content")
          .asText("");
    }

    /** The code (or the type) of an SSE error event; empty when it is none. */
    String error() {
      var error = Cassette.data(bytes()).path("error");
      return error.path("code").isTextual()
          ? error.path("code").asText()
          : error.path("type").asText("");
    }

    byte[] bytes() {
      return text.getBytes(UTF_8);
    }
  }

  private final HttpResponse<InputStream> response;

  SseStream(HttpResponse<InputStream> response) {
    this.response = response;
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** The next event; null at the end of the stream. What ends without a blank line is an event. */
  @Nullable Event next() throws IOException {
    ByteArrayOutputStream event = new ByteArrayOutputStream();
    int last = 0;
    for (int b = response.body().read(); b >= 0; b = response.body().read()) {
      event.write(b);
      if (b == '\n' && last == '\n') {
        break;
      }
      last = b;
    }
    TestKeys.scan("a stream", event.toByteArray());
    return event.size() == 0 ? null : new Event(event.toString(UTF_8), System.nanoTime());
  }

  /** The next event that is not a comment. */
  @Nullable Event nextData() throws IOException {
    Event event = next();
    while (event != null && event.comment()) {
      event = next();
    }
    return event;
  }

  /** All events to the end. */
  List<Event> rest() throws IOException {
    List<Event> events = new ArrayList<>();
    for (Event event = next(); event != null; event = next()) {
      events.add(event);
    }
    return events;
  }

  /** What is left of the body, whatever it is. */
  Answer whole() throws IOException {
    return new Answer(
        status(),
        Map.of(
            "content-type",
            header("content-type"),
            "x-serai-request-id",
            header("x-serai-request-id")),
        response.body().readAllBytes());
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
