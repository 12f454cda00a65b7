package dev.serai.alert;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import dev.serai.alert.AlertProperties.Format;
import dev.serai.catalog.SecretSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookPostTest {
  private static final String HIDDEN = "T0B1/hidden-path";
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final String SECRET =
      "whsec_" + Base64.getEncoder().encodeToString(KEY.getBytes(UTF_8));
  private static final ObjectMapper JSON = new ObjectMapper();

  private record Received(String path, Headers headers, byte[] body) {}

  private final List<Received> received = new ArrayList<>();
  private final SetClock clock = new SetClock("2026-03-10T12:00:00Z");
  private HttpServer server;
  private volatile int status = 204;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          received.add(
              new Received(exchange.getRequestURI().getPath(), exchange.getRequestHeaders(), body));
          exchange.getResponseHeaders().add("Location", "/elsewhere");
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + HIDDEN;
  }

  private WebhookPost webhook(String url, String secret, Format format) {
    return webhook(url, secret, format, Duration.ofSeconds(10));
  }

  private WebhookPost webhook(String url, String secret, Format format, Duration timeout) {
    return new WebhookPost(
        new AlertProperties.Webhook(url, secret, format), SecretSource.LITERAL, clock, timeout);
  }

  private static Delivery delivery(String subject) {
    Finding finding =
        new Finding(
            Kind.UNPRICED_MODEL,
            subject,
            "day",
            Instant.parse("2026-03-10T00:00:00Z"),
            0,
            Wording.found(Kind.UNPRICED_MODEL, subject, Map.of()),
            Map.of("name", "value"));
    Alert alert = new Alert(7, "5f0c", finding, Instant.parse("2026-03-10T11:59:58Z"));
    return new Delivery(alert, Channel.WEBHOOK, 1);
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "x"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  @Test
  void is_signed_as_standard_webhooks_says() throws Exception {
    webhook(url(), SECRET, Format.JSON).post(delivery("openai/gpt-x"));
    webhook(url(), KEY, Format.JSON).post(delivery("openai/gpt-x"));

    for (Received each : received) {
      String stamp = each.headers.getFirst("webhook-timestamp");
      String text =
          each.headers.getFirst("webhook-id") + "." + stamp + "." + new String(each.body, UTF_8);
      String[] signature = each.headers.getFirst("webhook-signature").split(",", -1);
      assertThat(signature).hasSize(2).startsWith("v1");
      assertThat(HexFormat.of().formatHex(Base64.getDecoder().decode(signature[1])))
          .isEqualTo(HexFormat.of().formatHex(hmac(KEY.getBytes(UTF_8), text)));
      assertThat(Long.parseLong(stamp)).isEqualTo(clock.instant().getEpochSecond());
      assertThat(each.headers.getFirst("webhook-id")).isEqualTo("5f0c");
    }
    assertThat(received).hasSize(2);
  }

  /** The example that the implementations of Standard Webhooks are tested with. */
  @Test
  void signs_the_known_example_as_others_do() {
    assertThat(
            WebhookPost.signature(
                WebhookPost.key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"),
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                "1614265330",
                "{\"test\": 2432232314}".getBytes(UTF_8)))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void the_body_is_readable_by_slack_and_by_machines() throws IOException {
    webhook(url(), "", Format.JSON).post(delivery("openai/<!channel> & *x*"));

    JsonNode body = JSON.readTree(received.getFirst().body);
    assertThat(body.path("text").asText())
        .startsWith("Model openai/__channel_ _ _x_ has no price: ");
    assertThat(body.path("type").asText()).isEqualTo("alert.unpriced_model");
    assertThat(body.path("timestamp").asText()).isEqualTo("2026-03-10T11:59:58Z");
    assertThat(body.at("/data/subject").asText()).isEqualTo("openai/<!channel> & *x*");
    assertThat(body.at("/data/threshold_percent").isNull()).isTrue();
    assertThat(body.at("/data/details/name").asText()).isEqualTo("value");
    assertThat(received.getFirst().headers.getFirst("Content-Type")).isEqualTo("application/json");
    assertThat(received.getFirst().headers.containsKey("webhook-signature")).isFalse();
  }

  @Test
  void slack_gets_a_text_and_teams_a_card() throws IOException {
    webhook(url(), "", Format.SLACK).post(delivery("openai/gpt-x"));
    webhook(url(), "", Format.TEAMS).post(delivery("openai/gpt-x"));

    JsonNode slack = JSON.readTree(received.get(0).body);
    assertThat(slack.fieldNames()).toIterable().containsExactly("text");
    JsonNode teams = JSON.readTree(received.get(1).body);
    assertThat(teams.path("type").asText()).isEqualTo("message");
    JsonNode attachment = teams.path("attachments").path(0);
    assertThat(attachment.path("contentType").asText())
        .isEqualTo("application/vnd.microsoft.card.adaptive");
    assertThat(attachment.at("/content/type").asText()).isEqualTo("AdaptiveCard");
    assertThat(attachment.at("/content/body").findValuesAsText("text"))
        .containsExactly("No price for openai/gpt-x", slack.path("text").asText());
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 404, 307, 301})
  void any_other_status_is_no_delivery_and_no_redirect_is_followed(int other) {
    status = other;

    assertThatThrownBy(() -> webhook(url(), SECRET, Format.JSON).post(delivery("openai/gpt-x")))
        .isInstanceOf(UndeliveredException.class)
        .hasMessage("status " + other);
    status = 200;
    assertThatCode(() -> webhook(url(), SECRET, Format.JSON).post(delivery("openai/gpt-x")))
        .doesNotThrowAnyException();
    assertThat(received).extracting(Received::path).containsOnly("/" + HIDDEN).hasSize(2);
  }

  @Test
  void a_server_that_is_away_is_no_delivery_and_its_address_is_not_told() {
    server.stop(0);

    assertThatThrownBy(() -> webhook(url(), SECRET, Format.JSON).post(delivery("openai/gpt-x")))
        .isInstanceOf(UndeliveredException.class)
        .hasMessage("no answer: ConnectException")
        .hasNoCause();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"})
  void a_server_that_hangs_is_given_up(String head) throws IOException {
    try (ServerSocket hanging = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread answering =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      Socket socket = hanging.accept();
                      socket.getOutputStream().write(head.getBytes(UTF_8));
                      socket.getOutputStream().flush();
                    } catch (IOException e) {
                      // Closed at the end of the test.
                    }
                  });
      String url = "http://127.0.0.1:" + hanging.getLocalPort() + "/" + HIDDEN;

      WebhookPost webhook = webhook(url, SECRET, Format.JSON, Duration.ofMillis(300));
      assertThatThrownBy(() -> webhook.post(delivery("openai/gpt-x")))
          .isInstanceOf(UndeliveredException.class)
          .hasMessageStartingWith("no answer");
      answering.interrupt();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://host/hidden", "hidden", "http:///hidden", "https://host/hid den"})
  void an_address_that_is_none_is_refused_without_repeating_it(String url) {
    assertThatThrownBy(() -> new AlertProperties.Webhook(url, "", Format.JSON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("serai.alerts.webhook.url")
        .hasMessageNotContaining("hid");
  }

  @Test
  void a_secret_that_cannot_be_read_is_refused_without_repeating_it() {
    assertThatThrownBy(() -> new AlertProperties.Webhook(url(), "whsec_§§hidden", Format.JSON))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("serai.alerts.webhook.secret")
        .hasMessageNotContaining("hidden");
    assertThat(new AlertProperties.Webhook(url(), SECRET, Format.JSON).toString())
        .doesNotContain(HIDDEN, "whsec_");
  }
}
