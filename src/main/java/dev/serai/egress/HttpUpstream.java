package dev.serai.egress;

import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Secret;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.ProviderError;
import dev.serai.dialect.SseReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** An OpenAI-type provider over HTTP: request bytes in, bytes or a live stream out. */
public final class HttpUpstream implements Upstream {

  /** The largest whole answer that is taken, in bytes. */
  static final int MAX_ANSWER_BYTES = 64 << 20;

  /** The largest single event of a stream that is taken, in bytes. */
  static final int MAX_EVENT_BYTES = 16 << 20;

  /** How long a target may take to close a stream whose last event it has sent. */
  private static final Duration GOODBYE = Duration.ofMillis(250);

  private final Provider provider;
  private final Watchdog watchdog;
  private final Clock clock;
  private final Wire wire;
  private final Map<String, URI> uris = new HashMap<>();
  private final Map<String, String> headers;

  /** Makes a client and its connection pool for one configured provider. */
  public HttpUpstream(Provider provider, Watchdog watchdog, Clock clock) {
    this.provider = provider;
    this.watchdog = watchdog;
    this.clock = clock;
    this.wire =
        provider.httpVersion() == HttpVersion.HTTP_2
            ? new JdkWire(provider.timeouts().connect())
            : new ApacheWire(provider.timeouts().connect(), provider.maxConnections());
    uris.put("/chat/completions", URI.create(provider.baseUrl() + "/chat/completions"));
    headers = new HashMap<>(provider.headers());
    Secret key = provider.apiKey();
    if (key != null) {
      headers.put("Authorization", "Bearer " + key.reveal());
    }
  }

  @Override
  public Reply send(UpstreamRequest request) {
    URI uri = uris.get(request.path());
    if (uri == null) {
      throw new IllegalArgumentException("no such operation: " + request.path());
    }
    Map<String, String> own = new HashMap<>(headers);
    own.put("X-Request-Id", request.id());
    own.put("Accept", request.stream() ? "text/event-stream" : "application/json");
    long deadline = System.nanoTime() + request.timeLeft().toNanos();
    Wire.Call call = wire.post(uri, own, request.body());
    Watchdog.Watch watch = watchdog.watch(call::cancel);
    boolean live = false;
    boolean complete = false;
    Wire.@Nullable Response response = null;
    try {
      watch.expect(
          request.stream() ? Phase.FIRST_BYTE : Phase.WHOLE_ANSWER,
          within(
              request.stream() ? provider.timeouts().firstByte() : provider.timeouts().attempt(),
              deadline));
      response = call.open();
      int status = response.status();
      if (request.stream() && status < 300 && isEventStream(response)) {
        Reply reply = firstEvent(deadline, call, watch, response);
        live = reply instanceof Reply.Live;
        return reply;
      }
      byte[] body = read(response);
      complete = true;
      return whole(response, body);
    } catch (Wire.NoneFreeException e) {
      return new Reply.Busy();
    } catch (Wire.NotSentException e) {
      throw failure(watch, e, false);
    } catch (IOException e) {
      throw failure(watch, e, true);
    } finally {
      if (!live) {
        watch.close();
        end(call, response, complete);
      }
    }
  }

  private static Duration within(Duration wanted, long deadline) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    return wanted.compareTo(left) < 0 ? wanted : left;
  }

  private static boolean isEventStream(Wire.Response response) {
    String type = response.header("Content-Type");
    return type != null && type.startsWith("text/event-stream");
  }

  /** Cancels before it closes: closing a stream that is not at its end would read all of it. */
  private static void end(Wire.Call call, Wire.@Nullable Response response, boolean complete) {
    if (!complete) {
      call.cancel();
    }
    if (response != null) {
      response.release();
    }
  }

  private Reply whole(Wire.Response response, byte[] body) {
    int status = response.status();
    if (status >= 500) {
      throw new UpstreamException(new Failure.ServerError(status), true);
    }
    return new Reply.Whole(
        status,
        body,
        response.header("Content-Type"),
        RetryAfter.read(response.header("retry-after-ms"), response.header("Retry-After"), clock));
  }

  private static byte[] read(Wire.Response response) throws IOException {
    InputStream in = response.body();
    String length = response.header("Content-Length");
    if (length != null
        && length.length() <= 8
        && length.chars().allMatch(c -> c >= '0' && c <= '9')) {
      byte[] exact = new byte[Math.min(Integer.parseInt(length), MAX_ANSWER_BYTES)];
      if (in.readNBytes(exact, 0, exact.length) == exact.length && in.read() < 0) {
        return exact;
      }
      throw new UpstreamException(new Failure.Unreadable("not as long as it says"), true);
    }
    byte[] body = in.readNBytes(MAX_ANSWER_BYTES);
    if (body.length == MAX_ANSWER_BYTES && in.read() >= 0) {
      throw new UpstreamException(
          new Failure.Unreadable("answer over " + MAX_ANSWER_BYTES + " bytes"), true);
    }
    return body;
  }

  /**
   * Reads up to the first event with data, so that a stream that fails before it is an ordinary
   * failure and not an empty 200.
   */
  private Reply firstEvent(
      long deadline, Wire.Call call, Watchdog.Watch watch, Wire.Response response)
      throws IOException {
    SseReader reader = new SseReader(response.body(), MAX_EVENT_BYTES);
    Queue<byte[]> first = new ArrayDeque<>();
    while (true) {
      byte[] event = reader.next();
      if (event == null || reader.truncated()) {
        throw new UpstreamException(new Failure.Unreadable("stream without an event"), true);
      }
      EventFacts facts = EventFacts.of(event);
      switch (facts.kind()) {
        case COMMENT -> {
          // A sign of life: the wait for content begins anew, within the time for all attempts.
          first.add(event);
          watch.expect(Phase.FIRST_BYTE, within(provider.timeouts().firstByte(), deadline));
        }
        case ERROR -> {
          ProviderError error = facts.error();
          int status = error == null || error.status() < 400 ? 502 : error.status();
          if (status >= 500) {
            throw new UpstreamException(new Failure.ServerError(status), true);
          }
          return new Reply.Whole(status, event, "text/event-stream", null);
        }
        case DONE, DATA -> {
          first.add(event);
          watch.pause();
          return new Reply.Live(
              response.status(), new LiveEvents(call, watch, response, reader, first));
        }
      }
    }
  }

  private UpstreamException failure(Watchdog.Watch watch, IOException e, boolean sent) {
    Phase phase = watch.fired();
    if (phase != null) {
      return new UpstreamException(new Failure.Timeout(phase), sent);
    }
    Throwable cause = e instanceof Wire.NotSentException && e.getCause() != null ? e.getCause() : e;
    return new UpstreamException(new Failure.Network(cause.getClass().getSimpleName()), sent);
  }

  @Override
  public void close() {
    wire.close();
  }

  private final class LiveEvents implements EventSource {
    private final Wire.Call call;
    private final Watchdog.Watch watch;
    private final Wire.Response response;
    private final SseReader reader;
    private final Queue<byte[]> first;
    private volatile boolean cancelled;
    private boolean ended;

    LiveEvents(
        Wire.Call call,
        Watchdog.Watch watch,
        Wire.Response response,
        SseReader reader,
        Queue<byte[]> first) {
      this.call = call;
      this.watch = watch;
      this.response = response;
      this.reader = reader;
      this.first = first;
    }

    @Override
    public byte @Nullable [] next() {
      byte[] early = first.poll();
      if (early != null) {
        return early;
      }
      if (ended) {
        return null;
      }
      try {
        watch.expect(Phase.BETWEEN_BYTES, provider.timeouts().betweenBytes());
        byte[] event = reader.next();
        watch.pause();
        if (event == null) {
          end(true);
        } else if (reader.truncated()) {
          throw new IOException("ended inside an event");
        }
        return event;
      } catch (IOException e) {
        end(false);
        if (cancelled) {
          throw new UpstreamException(new Failure.ClientGone(), true);
        }
        throw failure(watch, e, true);
      }
    }

    @Override
    public boolean ready() {
      return !first.isEmpty() || (!ended && reader.ready());
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
}
