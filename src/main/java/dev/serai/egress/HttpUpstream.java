package dev.serai.egress;

import dev.serai.catalog.Credential.ApiKey;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.ErasableSecret;
import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Provider;
import dev.serai.catalog.Secret;
import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.Operation;
import dev.serai.dialect.ProviderError;
import dev.serai.dialect.SseReader;
import dev.serai.egress.WireFormat.Translation;
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

/**
 * A provider over HTTP: request bytes in, bytes or a live stream out, both in OpenAI's form
 * whatever the provider speaks.
 */
public final class HttpUpstream implements Upstream {

  /** The largest whole answer that is taken, in bytes. */
  public static final int MAX_ANSWER_BYTES = 64 << 20;

  /** The largest single event of a stream that is taken, in bytes. */
  static final int MAX_EVENT_BYTES = 16 << 20;

  private static final int PAYMENT_REQUIRED = 402;

  private final Provider provider;
  private final WireFormat format;
  private final Watchdog watchdog;
  private final Clock clock;
  private final Wire wire;
  private final Map<String, URI> uris = new HashMap<>();
  private final CallHeaders headers;

  /**
   * Makes a client and its connection pool for one configured provider.
   *
   * @throws IllegalArgumentException when the provider does not speak HTTP in a format known here
   */
  public HttpUpstream(Provider provider, Watchdog watchdog, Clock clock) {
    this.provider = provider;
    this.format = format(provider, clock);
    this.watchdog = watchdog;
    this.clock = clock;
    this.wire =
        provider.httpVersion() == HttpVersion.HTTP_2
            ? new JdkWire(provider.timeouts().connect())
            : new ApacheWire(provider.timeouts().connect(), provider.maxConnections());
    for (Operation operation : Operation.values()) {
      String path = format.path(operation.path());
      if (path != null) {
        uris.put(operation.path(), URI.create(provider.baseUrl() + path));
      }
    }
    headers = new CallHeaders(provider, format);
  }

  private static WireFormat format(Provider provider, Clock clock) {
    return switch (provider.dialect()) {
      case OPENAI -> new OpenAiFormat();
      case ANTHROPIC -> new AnthropicFormat(clock);
      case BEDROCK, LOCAL ->
          throw new IllegalArgumentException(provider.id() + " is not called this way");
    };
  }

  @Override
  public Reply send(UpstreamRequest request) {
    URI uri = uris.get(request.path());
    if (uri == null) {
      throw new IllegalArgumentException("no such operation: " + request.path());
    }
    Map<String, String> own = headers(request);
    if (own == null) {
      return new Reply.Unsent(new Failure.CredentialChanged());
    }
    try {
      return send(request, uri, own, format.translate(request));
    } catch (InvalidRequestException e) {
      return new Reply.Unsuited(
          ApiError.invalidRequest(String.valueOf(e.getMessage()), e.param(), e.code()));
    }
  }

  /** Null when the tenant's key is not to be used any longer. */
  private @Nullable Map<String, String> headers(UpstreamRequest request) {
    if (request.credential() == null) {
      return new HashMap<>(headers.now());
    }
    String key = request.credential() instanceof ApiKey(ErasableSecret own) ? own.reveal() : null;
    return key == null ? null : headers.with(new Secret(key));
  }

  private Reply send(
      UpstreamRequest request, URI uri, Map<String, String> own, Translation translation) {
    own.put("X-Request-Id", request.id());
    own.put("Accept", request.stream() ? "text/event-stream" : "application/json");
    long deadline = System.nanoTime() + request.timeLeft().toNanos();
    Wire.Call call = wire.post(uri, own, translation.request());
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
        Reply reply = firstEvent(deadline, call, watch, response, translation);
        live = reply instanceof Reply.Live;
        return reply;
      }
      byte[] body = read(response);
      complete = true;
      return whole(response, body, translation);
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

  @Override
  public Check check() {
    return new CheckCall(provider, wire, watchdog).get(checkPath(), headers.now());
  }

  /** OpenRouter lists its models to anybody, and says what a key is worth at another path. */
  private String checkPath() {
    if (provider.dialect() == Dialect.ANTHROPIC) {
      return "/v1/models";
    }
    return provider.providerName().equals("openrouter") ? "/key" : "/models";
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
  static void end(Wire.Call call, Wire.@Nullable Response response, boolean complete) {
    if (!complete) {
      call.cancel();
    }
    if (response != null) {
      response.release();
    }
  }

  private Reply whole(Wire.Response response, byte[] body, Translation translation) {
    int status = response.status();
    if (status >= 500) {
      throw new UpstreamException(new Failure.ServerError(status), true);
    }
    byte[] told = status < 300 ? translation.answer(body) : translation.error(status, body);
    if (told == null) {
      throw new UpstreamException(new Failure.Unreadable("no answer of this API"), true);
    }
    return new Reply.Whole(
        status,
        told,
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
      long deadline,
      Wire.Call call,
      Watchdog.Watch watch,
      Wire.Response response,
      Translation translation)
      throws IOException {
    SseReader reader = new SseReader(response.body(), MAX_EVENT_BYTES);
    Queue<byte[]> first = new ArrayDeque<>();
    Queue<byte[]> fresh = new ArrayDeque<>();
    while (true) {
      byte[] raw = reader.next();
      if (raw == null || reader.truncated()) {
        throw new UpstreamException(new Failure.Unreadable("stream without an event"), true);
      }
      translation.event(raw, fresh);
      for (byte[] event = fresh.poll(); event != null; event = fresh.poll()) {
        EventFacts facts = EventFacts.of(event);
        if (facts.kind() == EventFacts.Kind.ERROR) {
          return error(facts.error());
        }
        first.add(event);
        if (facts.kind() != EventFacts.Kind.COMMENT) {
          first.addAll(fresh);
          watch.pause();
          return new Reply.Live(
              response.status(),
              new LiveEvents(
                  call,
                  watch,
                  response,
                  reader,
                  translation,
                  first,
                  provider.timeouts().betweenBytes()));
        }
      }
      // A sign of life: the wait for content begins anew, within the time for all attempts.
      watch.expect(Phase.FIRST_BYTE, within(provider.timeouts().firstByte(), deadline));
    }
  }

  private static Reply error(@Nullable ProviderError error) {
    if (error != null && error.status() < 500 && error.status() >= 400) {
      return new Reply.Whole(error.status(), error.json(), "application/json", null);
    }
    if (error != null && error.insufficientQuota()) {
      return new Reply.Whole(PAYMENT_REQUIRED, error.json(), "application/json", null);
    }
    int status = error == null || error.status() < 500 ? 502 : error.status();
    throw new UpstreamException(new Failure.ServerError(status), true);
  }

  static UpstreamException failure(Watchdog.Watch watch, IOException e, boolean sent) {
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
}
