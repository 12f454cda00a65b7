package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.catalog.HttpVersion;
import dev.serai.catalog.Providers;
import dev.serai.catalog.Timeouts;
import dev.serai.chat.Failure;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.coyote.http2.Http2Protocol;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a server that really speaks HTTP/2 in clear. */
class Http2Test {
  private static final Duration LONG = Duration.ofSeconds(20);

  @TempDir Path folder;

  private final Tomcat tomcat = new Tomcat();
  private final List<String> protocols = new CopyOnWriteArrayList<>();
  private final CountDownLatch hungUp = new CountDownLatch(1);
  private final Watchdog watchdog = new Watchdog();
  private HttpUpstream upstream;

  @BeforeEach
  void start() throws Exception {
    tomcat.setBaseDir(folder.toString());
    Connector connector = new Connector();
    connector.setPort(0);
    connector.setProperty("address", "127.0.0.1");
    connector.addUpgradeProtocol(new Http2Protocol());
    tomcat.setConnector(connector);
    Context context = tomcat.addContext("", folder.toString());
    Tomcat.addServlet(context, "provider", new Servlet());
    context.addServletMappingDecoded("/v1/chat/completions", "provider");
    tomcat.start();
    upstream =
        new HttpUpstream(
            Providers.openAi(
                "http://127.0.0.1:" + connector.getLocalPort() + "/v1",
                HttpVersion.HTTP_2,
                new Timeouts(LONG, LONG, LONG, LONG)),
            watchdog,
            Clock.systemUTC());
  }

  @AfterEach
  void stop() throws Exception {
    upstream.close();
    watchdog.close();
    tomcat.stop();
    tomcat.destroy();
  }

  private final class Servlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      protocols.add(request.getProtocol());
      byte[] body = request.getInputStream().readAllBytes();
      if (!new String(body, UTF_8).contains("stream")) {
        response.setContentType("application/json");
        response.getOutputStream().write(body);
        return;
      }
      response.setContentType("text/event-stream");
      try {
        for (int i = 0; i < 2000; i++) {
          response.getOutputStream().write("data: {\"choices\":[]}\n\n".getBytes(UTF_8));
          response.flushBuffer();
          hungUp.await(10, TimeUnit.MILLISECONDS);
        }
      } catch (IOException e) {
        hungUp.countDown();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
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
    return new UpstreamRequest("/chat/completions", body, stream, "r-1", LONG);
  }
}
