package dev.serai.recall;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serai.chat.Failure;
import dev.serai.egress.EventSource;
import dev.serai.egress.UpstreamException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A target's stream that gives its events when the test says so. */
final class Events implements EventSource {
  static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final String CANCEL = "cancel";
  private static final String END = "end";
  private static final String BREAK = "break";

  private final LinkedBlockingQueue<String> queue = new LinkedBlockingQueue<>();
  volatile boolean cancelled;
  volatile boolean finished;
  volatile boolean waiting;

  Events(List<String> events) {
    queue.addAll(events);
  }

  void give(String... events) {
    queue.addAll(List.of(events));
  }

  void end() {
    queue.add(END);
  }

  void breakOff() {
    queue.add(BREAK);
  }

  @Override
  public byte @Nullable [] next() {
    try {
      waiting = queue.isEmpty();
      String event = queue.poll(20, TimeUnit.SECONDS);
      waiting = false;
      return switch (event) {
        case null -> throw new AssertionError("nobody gave an event");
        case CANCEL -> throw new UpstreamException(new Failure.ClientGone(), true);
        case BREAK -> throw new UpstreamException(new Failure.Network("cut"), true);
        case END -> null;
        default -> event.getBytes(UTF_8);
      };
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public boolean ready() {
    return !queue.isEmpty();
  }

  @Override
  public void finish() {
    finished = true;
  }

  @Override
  public void cancel() {
    cancelled = true;
    queue.add(CANCEL);
  }

  /** What a reader still gets, until the end or the failure. */
  static List<String> rest(SharedStream.Reader reader) {
    List<String> events = new ArrayList<>();
    try {
      for (byte[] event = reader.next(); event != null; event = reader.next()) {
        events.add(new String(event, UTF_8));
      }
    } catch (UpstreamException e) {
      events.add("! " + e.failure().type());
    }
    return events;
  }
}
