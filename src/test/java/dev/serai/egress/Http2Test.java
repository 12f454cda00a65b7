package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Providers;
import dev.serai.catalog.Timeouts;
import dev.serai.chat.Failure;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a server that really speaks HTTP/2 in clear. */
class Http2Test {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final Undertow server =
      Undertow.builder()
          .addHttpListener(0, "127.0.0.1")
          .setServerOption(UndertowOptions.ENABLE_HTTP2, true)
          .setHandler(new BlockingHandler(this::answer))
          .build();
  private final List<String> protocols = new CopyOnWriteArrayList<>();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final Watchdog watchdog = new Watchdog();
  private HttpUpstream upstream;

  @BeforeEach
  void start() {
    server.start();
    int port = ((InetSocketAddress) server.getListenerInfo().getFirst().getAddress()).getPort();
    upstream =
        new HttpUpstream(
            Providers.openAi(
                "http://127.0.0.1:" + port + "/v1",
                HttpVersion.HTTP_2,
                new Timeouts(LONG, LONG, LONG, LONG)),
            watchdog,
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    upstream.close();
    watchdog.close();
    server.stop();
  }

  private void answer(HttpServerExchange exchange) throws IOException {
    protocols.add(exchange.getProtocol().toString());
    byte[] body = exchange.getInputStream().readAllBytes();
    if (!new String(body, UTF_8).contains("stream")) {
      exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
      exchange.getOutputStream().write(body);
      return;
    }
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/event-stream");
    try {
      for (int i = 0; i < 2000; i++) {
        exchange.getOutputStream().write("data: {\"choices\":[]}\n\n".getBytes(UTF_8));
        exchange.getOutputStream().flush();
        hungUp.await(10, TimeUnit.MILLISECONDS);
      }
    } catch (IOException e) {
      hungUp.countDown();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void asks_and_is_answered_over_h2c() {
    byte[] body = "{\"model\":\"m\"}".getBytes(UTF_8);

    Reply first = upstream.send(request(body, false));
    Reply second = upstream.send(request(body, false));

    assertThat(((Reply.Whole) first).body()).isEqualTo(body);
    assertThat(((Reply.Whole) second).body()).isEqualTo(body);
    assertThat(protocols).containsExactly("HTTP/2.0", "HTTP/2.0");
  }

  @Test
  void cancels_a_stream_over_h2c() {
    Reply.Live live =
        (Reply.Live) upstream.send(request("{\"stream\":true}".getBytes(UTF_8), true));
    assertThat(live.events().next()).isNotNull();

    live.events().cancel();

    await().atMost(Duration.ofSeconds(10)).until(() -> hungUp.getCount() == 0);
    UpstreamException thrown =
        Assertions.catchThrowableOfType(
            UpstreamException.class,
            () -> {
              while (live.events().next() != null) {}
            });
    assertThat(thrown.failure()).isEqualTo(new Failure.ClientGone());
    assertThat(protocols).containsExactly("HTTP/2.0");
  }

  private static UpstreamRequest request(byte[] body, boolean stream) {
    return new UpstreamRequest("/chat/completions", body, stream, "r-1", LONG, 4096);
  }
}
