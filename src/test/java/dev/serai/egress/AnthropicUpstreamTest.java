package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.catalog.Providers;
import dev.serai.catalog.Timeouts;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.provider.Behaviour;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Messages;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A stream whose events are translated on their way, against a provider that can be told. */
class AnthropicUpstreamTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(250);
  private static final String HI = "{\"role\":\"user\",\"content\":\"hi\"}";
  private static final String START =
      "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":\"c\"}}";
  private static final String BLOCK =
      "{\"type\":\"content_block_start\",\"index\":0,"
          + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}";
  private static final String WORD =
      "{\"type\":\"content_block_delta\",\"index\":0,"
          + "\"delta\":{\"type\":\"text_delta\",\"text\":\"word\"}}";
  private static final String SILENT = "{\"type\":\"content_block_stop\",\"index\":7}";
  private static final String PING = "{\"type\":\"ping\"}";

  private final FakeProvider provider = FakeProvider.start();
  private final Watchdog watchdog = new Watchdog();

  @AfterEach
  void close() {
    watchdog.close();
    provider.close();
  }

  private HttpUpstream upstream(Timeouts timeouts) {
    String base = provider.baseUrl().replace("/v1", "");
    return new HttpUpstream(Providers.anthropic(base, timeouts), watchdog, Clock.systemUTC());
  }

  private Reply send(Timeouts timeouts, boolean stream, String message) {
    String body = "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[" + message + "]}";
    try (HttpUpstream upstream = upstream(timeouts)) {
      return upstream.send(
          new UpstreamRequest("/chat/completions", body.getBytes(UTF_8), stream, "r", LONG, 99));
    }
  }

  private EventSource stream(HttpUpstream upstream) {
    String body = "{\"model\":\"m\",\"stream\":true,\"messages\":[" + HI + "]}";
    Reply reply =
        upstream.send(
            new UpstreamRequest("/chat/completions", body.getBytes(UTF_8), true, "r", LONG, 99));
    return ((Reply.Live) reply).events();
  }

  private static Timeouts patient() {
    return new Timeouts(LONG, LONG, LONG, LONG);
  }

  private static Behaviour sse(boolean stays, String... data) {
    return reply -> {
      reply.open(200, Map.of("Content-Type", "text/event-stream"));
      StringBuilder all = new StringBuilder();
      for (String json : data) {
        all.append("event: x\ndata: ").append(json).append("\n\n");
      }
      reply.event(all.toString().getBytes(UTF_8));
      if (stays) {
        reply.awaitClientLeft();
      } else {
        reply.end();
      }
    };
  }

  private static String next(EventSource events) {
    byte[] event = events.next();
    return event == null ? "" : new String(event, UTF_8);
  }

  @Test
  void what_says_nothing_is_not_ready() {
    provider.next(sse(true, START, BLOCK, WORD, SILENT));
    try (HttpUpstream upstream = upstream(patient())) {
      EventSource events = stream(upstream);
      assertThat(events.ready()).isTrue();
      assertThat(next(events)).contains("\"role\"");
      assertThat(events.ready()).isTrue();
      assertThat(next(events)).contains("\"word\"");

      assertThat(events.ready()).as("there is only the end of a block").isFalse();
      events.cancel();
    }
  }

  @Test
  void a_word_behind_what_says_nothing_is_ready() {
    provider.next(sse(true, START, BLOCK, WORD, SILENT, SILENT, WORD));
    try (HttpUpstream upstream = upstream(patient())) {
      EventSource events = stream(upstream);
      events.next();
      events.next();

      assertThat(events.ready()).isTrue();
      assertThat(next(events)).contains("\"word\"");
      events.cancel();
    }
  }

  @Test
  void pings_keep_the_wait_for_the_first_word_going() {
    provider.next(
        reply -> {
          reply.open(200, Map.of("Content-Type", "text/event-stream"));
          for (String json : List.of(START, PING, PING, PING, PING, PING, WORD)) {
            if (reply.clientLeftWithin(SHORT.dividedBy(2))) {
              return;
            }
            String block = json.equals(WORD) ? "data: " + BLOCK + "\n\n" : "";
            reply.event((block + "data: " + json + "\n\n").getBytes(UTF_8));
          }
          reply.end();
        });

    Reply reply = send(new Timeouts(LONG, LONG, SHORT, LONG), true, HI);

    assertThat(reply).isInstanceOf(Reply.Live.class);
    assertThat(next(((Reply.Live) reply).events())).isEqualTo(": ping\n\n");
  }

  @Test
  void a_beginning_without_a_word_has_its_time() {
    provider.next(sse(true, START));

    assertThat(failureOf(() -> send(new Timeouts(LONG, LONG, SHORT, LONG), true, HI)))
        .isEqualTo(new Failure.Timeout(Phase.FIRST_BYTE));
  }

  @Test
  void a_stream_that_fails_before_its_first_word_is_no_stream() {
    provider.next(
        Messages.failsInStream(0, "overloaded_error"),
        Messages.failsInStream(0, "rate_limit_error"),
        sse(false, START));

    assertThat(failureOf(() -> send(patient(), true, HI))).isEqualTo(new Failure.ServerError(529));
    assertThat(((Reply.Whole) send(patient(), true, HI)).status()).isEqualTo(429);
    assertThat(failureOf(() -> send(patient(), true, HI))).isInstanceOf(Failure.Unreadable.class);
  }

  @Test
  void an_overloaded_provider_has_failed_and_a_limited_one_says_when_to_come_back() {
    provider.next(Messages.error(529, "overloaded_error", "No"), Messages.rateLimited(7));

    assertThat(failureOf(() -> send(patient(), false, HI))).isEqualTo(new Failure.ServerError(529));
    assertThat(((Reply.Whole) send(patient(), false, HI)).retryAfter())
        .isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void what_cannot_be_said_is_not_sent() {
    Reply reply =
        send(
            patient(),
            false,
            "{\"role\":\"user\",\"content\":[{\"type\":\"input_audio\",\"input_audio\":{}}]}");

    assertThat(((Reply.Unsuited) reply).error().status()).isEqualTo(400);
    assertThat(provider.calls()).isEmpty();
  }

  @Test
  void what_is_no_message_cannot_be_read() {
    provider.next(Behaviour.rubbish(), Behaviour.answer());

    assertThat(failureOf(() -> send(patient(), false, HI))).isInstanceOf(Failure.Unreadable.class);
    assertThat(failureOf(() -> send(patient(), false, HI))).isInstanceOf(Failure.Unreadable.class);
  }

  @Test
  void only_chat_is_offered() {
    UpstreamRequest odd = new UpstreamRequest("/embeddings", new byte[0], false, "r", LONG, 99);

    assertThatThrownBy(() -> upstream(patient()).send(odd))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Failure failureOf(Runnable call) {
    return catchThrowableOfType(UpstreamException.class, call::run).failure();
  }
}
