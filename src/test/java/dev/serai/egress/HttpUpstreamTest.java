package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Providers;
import dev.serai.catalog.Timeouts;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Both ways over the wire, against a provider that speaks HTTP/1.1. */
class HttpUpstreamTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(250);

  /** As many as {@link Providers#openAi} allows. */
  private static final int CONNECTIONS = 20;

  private static final Timeouts PATIENT = new Timeouts(LONG, LONG, LONG, LONG);

  private final FakeProvider provider = FakeProvider.start();
  private final Watchdog watchdog = new Watchdog();
  private final List<HttpUpstream> open = new ArrayList<>();

  @AfterEach
  void close() {
    open.forEach(HttpUpstream::close);
    watchdog.close();
    provider.close();
  }

  private HttpUpstream upstream(HttpVersion version, Timeouts timeouts) {
    return upstream(provider.baseUrl(), version, timeouts);
  }

  private HttpUpstream upstream(String url, HttpVersion version, Timeouts timeouts) {
    HttpUpstream upstream =
        new HttpUpstream(Providers.openAi(url, version, timeouts), watchdog, Clock.systemUTC());
    open.add(upstream);
    return upstream;
  }

  private static UpstreamRequest whole() {
    return request(false, LONG);
  }

  private static UpstreamRequest stream() {
    return request(true, LONG);
  }

  private static UpstreamRequest request(boolean stream, Duration timeLeft) {
    String body = "{\"model\":\"m\",\"stream\":" + stream + ",\"messages\":[]}";
    return new UpstreamRequest(
        "/chat/completions", body.getBytes(UTF_8), stream, "r-1", timeLeft, 4096);
  }

  @ParameterizedTest
  @EnumSource
  void sends_the_bytes_as_they_are_and_gives_back_what_came(HttpVersion version) {
    Reply reply = upstream(version, PATIENT).send(whole());

    Call call = provider.calls().getFirst();
    assertThat(call.body()).isEqualTo(whole().body());
    assertThat(call.path()).isEqualTo("/v1/chat/completions");
    assertThat(call.header("authorization")).isEqualTo("Bearer sk-test");
    assertThat(call.header("x-request-id")).isEqualTo("r-1");
    assertThat(call.header("x-extra")).isEqualTo("more");
    assertThat(call.header("content-type")).startsWith("application/json");
    assertThat(call.header("accept")).isEqualTo("application/json");
    assertThat(((Reply.Whole) reply).status()).isEqualTo(200);
    assertThat(new String(((Reply.Whole) reply).body(), UTF_8)).contains(call.answerId());
  }

  @ParameterizedTest
  @EnumSource
  void streams_event_by_event_to_the_end(HttpVersion version) {
    provider.next(Behaviour.answer("one two"));

    EventSource events = ((Reply.Live) upstream(version, PATIENT).send(stream())).events();

    List<String> got = rest(events);
    assertThat(got.getFirst()).startsWith("data: {").endsWith("\n\n");
    assertThat(got.getLast()).isEqualTo("data: [DONE]\n\n");
    assertThat(got).hasSize(provider.calls().getFirst().events());
    assertThat(events.next()).isNull();
    events.finish();
    assertThat(provider.calls().getFirst().header("accept")).isEqualTo("text/event-stream");
  }

  @ParameterizedTest
  @EnumSource
  void uses_a_connection_again_after_a_finished_stream(HttpVersion version) {
    HttpUpstream upstream = upstream(version, PATIENT);
    EventSource events = ((Reply.Live) upstream.send(stream())).events();
    byte[] event = events.next();
    while (event != null && !new String(event, UTF_8).contains("[DONE]")) {
      event = events.next();
    }

    events.finish();

    assertThat(upstream.send(whole())).isInstanceOf(Reply.Whole.class);
    assertThat(provider.calls()).extracting(Call::complete).containsExactly(true, true);
  }

  @ParameterizedTest
  @EnumSource
  void cancelling_hangs_up_at_once(HttpVersion version) {
    provider.next(Behaviour.pacedStream(1000, Duration.ofMillis(50)));
    EventSource events = ((Reply.Live) upstream(version, PATIENT).send(stream())).events();
    events.next();

    events.cancel();

    await().atMost(Duration.ofSeconds(5)).until(() -> provider.calls().getFirst().clientLeft());
    assertThat(failureOf(() -> rest(events))).isEqualTo(new Failure.ClientGone());
  }

  @ParameterizedTest
  @EnumSource
  void refusals_are_replies(HttpVersion version) {
    provider.next(Behaviour.rateLimited(Duration.ofSeconds(7)), Behaviour.status(400));
    HttpUpstream upstream = upstream(version, PATIENT);

    Reply.Whole limited = (Reply.Whole) upstream.send(stream());
    Reply.Whole refused = (Reply.Whole) upstream.send(whole());

    assertThat(limited.status()).isEqualTo(429);
    assertThat(limited.retryAfter()).isEqualTo(Duration.ofSeconds(7));
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.retryAfter()).isNull();
    assertThat(refused.contentType()).isEqualTo("application/json");
  }

  @ParameterizedTest
  @EnumSource
  void failures_of_the_provider_are_thrown(HttpVersion version) {
    provider.next(Behaviour.status(503));

    UpstreamException thrown = thrownBy(() -> upstream(version, PATIENT).send(whole()));

    assertThat(thrown.failure()).isEqualTo(new Failure.ServerError(503));
    assertThat(thrown.sent()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void a_whole_answer_has_its_time(HttpVersion version) {
    provider.byDefault(Behaviour.blackHole());
    Timeouts timeouts = new Timeouts(LONG, SHORT, LONG, LONG);

    UpstreamException thrown = thrownBy(() -> upstream(version, timeouts).send(whole()));

    assertThat(thrown.failure()).isEqualTo(new Failure.Timeout(Phase.WHOLE_ANSWER));
    assertThat(thrown.sent()).isTrue();
    await().atMost(Duration.ofSeconds(5)).until(() -> provider.calls().getFirst().clientLeft());
  }

  @ParameterizedTest
  @EnumSource
  void a_whole_answer_has_its_time_to_its_last_byte(HttpVersion version) {
    provider.byDefault(Behaviour.stallMidStream(3));
    Timeouts timeouts = new Timeouts(LONG, SHORT, LONG, LONG);

    assertThat(failureOf(() -> upstream(version, timeouts).send(whole())))
        .isEqualTo(new Failure.Timeout(Phase.WHOLE_ANSWER));
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_has_its_time_to_the_first_event(HttpVersion version) {
    provider.next(Behaviour.blackHole(), Behaviour.slowFirstByte(LONG));
    HttpUpstream upstream = upstream(version, new Timeouts(LONG, LONG, SHORT, LONG));

    assertThat(failureOf(() -> upstream.send(stream())))
        .isEqualTo(new Failure.Timeout(Phase.FIRST_BYTE));
    assertThat(failureOf(() -> upstream.send(stream())))
        .as("the head alone does not count")
        .isEqualTo(new Failure.Timeout(Phase.FIRST_BYTE));
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_has_its_time_between_two_events(HttpVersion version) {
    provider.next(Behaviour.stallMidStream(3));
    HttpUpstream upstream = upstream(version, new Timeouts(LONG, LONG, LONG, SHORT));
    List<String> got = new ArrayList<>();
    EventSource events = ((Reply.Live) upstream.send(stream())).events();

    Failure failure = failureOf(() -> drain(events, got));

    assertThat(failure).isEqualTo(new Failure.Timeout(Phase.BETWEEN_BYTES));
    assertThat(got).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void no_call_outlives_the_request(HttpVersion version) {
    provider.byDefault(Behaviour.blackHole());

    assertThat(failureOf(() -> upstream(version, PATIENT).send(request(false, SHORT))))
        .isInstanceOf(Failure.Timeout.class);
  }

  @ParameterizedTest
  @EnumSource
  void a_connection_that_breaks_is_a_network_failure_of_a_sent_call(HttpVersion version) {
    provider.next(Behaviour.disconnectBeforeAnswer(), Behaviour.cutMidStream(3));
    HttpUpstream upstream = upstream(version, PATIENT);

    UpstreamException before = thrownBy(() -> upstream.send(whole()));
    UpstreamException within = thrownBy(() -> upstream.send(whole()));

    assertThat(before.failure()).isInstanceOf(Failure.Network.class);
    assertThat(before.sent()).isTrue();
    assertThat(within.failure()).isInstanceOf(Failure.Network.class);
  }

  /** The JDK's client, when it speaks HTTP/1.1, may lose what came right before the cut. */
  @ParameterizedTest
  @EnumSource(names = "HTTP_1_1")
  void a_stream_that_is_cut_delivers_what_came(HttpVersion version) {
    provider.next(Behaviour.cutMidStream(3));
    List<String> got = new ArrayList<>();
    EventSource events = ((Reply.Live) upstream(version, PATIENT).send(stream())).events();

    Failure failure = failureOf(() -> drain(events, got));

    assertThat(failure).isInstanceOf(Failure.Network.class);
    assertThat(got).hasSize(3);
  }

  @ParameterizedTest
  @EnumSource
  void where_nobody_listens_nothing_was_sent(HttpVersion version) throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    HttpUpstream upstream = upstream("http://127.0.0.1:" + port + "/v1", version, PATIENT);

    UpstreamException thrown = thrownBy(() -> upstream.send(whole()));

    assertThat(thrown.failure()).isInstanceOf(Failure.Network.class);
    assertThat(thrown.sent()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_that_begins_with_an_error_is_no_stream(HttpVersion version) {
    provider.next(
        Behaviour.errorInsideStream(0),
        sse("data: {\"error\":{\"message\":\"slow down\",\"code\":429}}\n\n"),
        sse(": only a comment\n\n"));
    HttpUpstream upstream = upstream(version, PATIENT);

    assertThat(failureOf(() -> upstream.send(stream()))).isEqualTo(new Failure.ServerError(502));
    Reply.Whole limited = (Reply.Whole) upstream.send(stream());
    assertThat(limited.status()).isEqualTo(429);
    assertThat(failureOf(() -> upstream.send(stream()))).isInstanceOf(Failure.Unreadable.class);
  }

  @ParameterizedTest
  @EnumSource
  void comments_before_the_first_event_are_part_of_the_stream(HttpVersion version) {
    provider.next(sse(": wait\n\n", "data: {\"choices\":[]}\n\n", "data: [DONE]\n\n"));

    Reply.Live live = (Reply.Live) upstream(version, PATIENT).send(stream());

    assertThat(rest(live.events()))
        .containsExactly(": wait\n\n", "data: {\"choices\":[]}\n\n", "data: [DONE]\n\n");
  }

  @ParameterizedTest
  @EnumSource
  void a_stream_that_ends_inside_an_event_is_broken(HttpVersion version) {
    provider.next(sse("data: {\"choices\":[]}\n\n", "data: {\"cho"));
    Reply.Live live = (Reply.Live) upstream(version, PATIENT).send(stream());
    List<String> got = new ArrayList<>();

    assertThat(failureOf(() -> drain(live.events(), got))).isInstanceOf(Failure.Network.class);
    assertThat(got).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void a_whole_answer_to_a_streamed_request_is_taken_whole(HttpVersion version) {
    provider.next(reply -> reply.whole(200, Map.of(), "{}".getBytes(UTF_8)));

    Reply.Whole reply = (Reply.Whole) upstream(version, PATIENT).send(stream());

    assertThat(reply.body()).isEqualTo("{}".getBytes(UTF_8));
    assertThat(reply.contentType()).isNull();
  }

  @Test
  void knows_its_operations_only() {
    UpstreamRequest odd = new UpstreamRequest("/odd", new byte[0], false, "r-1", LONG, 4096);

    assertThatThrownBy(() -> upstream(HttpVersion.HTTP_1_1, PATIENT).send(odd))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(odd).asString().isEqualTo("UpstreamRequest[/odd, 0 bytes, r-1]");
  }

  private static Behaviour sse(String... events) {
    return reply -> {
      reply.open(200, Map.of("Content-Type", "text/event-stream"));
      for (String event : events) {
        reply.event(event.getBytes(UTF_8));
      }
      reply.end();
    };
  }

  private static List<String> rest(EventSource events) {
    List<String> all = new ArrayList<>();
    drain(events, all);
    return all;
  }

  private static void drain(EventSource events, List<String> into) {
    for (byte[] event = events.next(); event != null; event = events.next()) {
      into.add(new String(event, UTF_8));
    }
  }

  private static Failure failureOf(Runnable call) {
    return thrownBy(call).failure();
  }

  private static UpstreamException thrownBy(Runnable call) {
    return catchThrowableOfType(UpstreamException.class, call::run);
  }

  @Test
  void a_slow_reader_is_not_the_targets_fault() throws Exception {
    provider.next(Behaviour.answer("one two three four"));
    Timeouts hasty = new Timeouts(LONG, LONG, LONG, SHORT);
    EventSource events =
        ((Reply.Live) upstream(HttpVersion.HTTP_1_1, hasty).send(stream())).events();
    events.next();

    boolean late = new CountDownLatch(1).await(3 * SHORT.toMillis(), TimeUnit.MILLISECONDS);

    assertThat(late).isFalse();
    assertThat(rest(events).getLast()).isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void signs_of_life_keep_the_wait_for_content_going() {
    provider.next(Behaviour.signsOfLife(6, SHORT.dividedBy(2)));
    Timeouts hasty = new Timeouts(LONG, LONG, SHORT, LONG);

    Reply reply = upstream(HttpVersion.HTTP_1_1, hasty).send(stream());

    assertThat(reply).isInstanceOf(Reply.Live.class);
  }

  @Test
  void says_that_it_is_busy_when_no_connection_is_free() {
    provider.byDefault(Behaviour.blackHole());
    Timeouts hasty = new Timeouts(SHORT, LONG, LONG, LONG);
    HttpUpstream upstream = upstream(HttpVersion.HTTP_1_1, hasty);
    for (int i = 0; i < CONNECTIONS; i++) {
      Thread.ofVirtual().start(() -> upstream.send(whole()));
    }
    await().until(() -> provider.calls().size() == CONNECTIONS);

    assertThat(upstream.send(whole())).isInstanceOf(Reply.Busy.class);
  }
}
