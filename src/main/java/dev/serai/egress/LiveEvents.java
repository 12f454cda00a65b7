package dev.serai.egress;

import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.SseReader;
import dev.serai.egress.WireFormat.Translation;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The events of a stream while it runs: read, timed and translated one by one. */
final class LiveEvents implements EventSource {

  /** How long a target may take to close a stream whose last event it has sent. */
  private static final Duration GOODBYE = Duration.ofMillis(250);

  private final Wire.Call call;
  private final Watchdog.Watch watch;
  private final Wire.Response response;
  private final SseReader reader;
  private final Translation translation;
  private final Queue<byte[]> pending;
  private final Duration betweenBytes;
  private volatile boolean cancelled;
  private boolean ended;

  /** Goes on with a stream whose first events are {@code pending}. */
  LiveEvents(
      Wire.Call call,
      Watchdog.Watch watch,
      Wire.Response response,
      SseReader reader,
      Translation translation,
      Queue<byte[]> pending,
      Duration betweenBytes) {
    this.call = call;
    this.watch = watch;
    this.response = response;
    this.reader = reader;
    this.translation = translation;
    this.pending = pending;
    this.betweenBytes = betweenBytes;
  }

  @Override
  public byte @Nullable [] next() {
    byte[] event = pending.poll();
    while (event == null && !ended) {
      read();
      event = pending.poll();
    }
    return event;
  }

  private void read() {
    try {
      watch.expect(Phase.BETWEEN_BYTES, betweenBytes);
      byte[] event = reader.next();
      watch.pause();
      if (event == null) {
        end(true);
      } else if (reader.truncated()) {
        throw new IOException("ended inside an event");
      } else {
        translation.event(event, pending);
      }
    } catch (IOException e) {
      end(false);
      throw cancelled
          ? new UpstreamException(new Failure.ClientGone(), true)
          : HttpUpstream.failure(watch, e, true);
    }
  }

  @Override
  public boolean ready() {
    try {
      // What has arrived may say nothing: only its translation tells.
      while (pending.isEmpty() && !ended && reader.ready()) {
        byte[] event = reader.next();
        if (event != null) {
          translation.event(event, pending);
        }
      }
      return !pending.isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  @Override
  public void finish() {
    if (ended) {
      return;
    }
    try {
      watch.expect(Phase.BETWEEN_BYTES, GOODBYE);
      byte[] rest;
      do {
        rest = reader.next();
      } while (rest != null);
      end(true);
    } catch (IOException e) {
      end(false);
    }
  }

  private void end(boolean complete) {
    ended = true;
    watch.close();
    HttpUpstream.end(call, response, complete);
  }

  @Override
  public void cancel() {
    cancelled = true;
    watch.close();
    call.cancel();
  }
}
