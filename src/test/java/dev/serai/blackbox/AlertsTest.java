package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import com.sun.net.httpserver.HttpServer;
import dev.serai.budget.Budget;
import dev.serai.budget.Budgets;
import dev.serai.budget.Period;
import dev.serai.limit.Subject;
import dev.serai.provider.Behaviour;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What operators are told of, and how. */
@ExtendWith(OutputCaptureExtension.class)
class AlertsTest {
  private static final String PASSWORD = TestKeys.secret("mail-password-of-the-tests");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<JsonNode> POSTS = new CopyOnWriteArrayList<>();

  private static HttpServer webhook;
  private static GreenMail mails;
  private static GatewayUnderTest gateway;
  private static volatile int status = 200;

  @BeforeAll
  static void start() throws IOException {
    webhook = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    webhook.createContext(
        "/",
        exchange -> {
          POSTS.add(JSON.readTree(new String(exchange.getRequestBody().readAllBytes(), UTF_8)));
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    webhook.start();
    mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mails.setUser("alerts@serai.example", "serai", PASSWORD);
    mails.start();
    gateway =
        GatewayUnderTest.start(
            Map.of(
                "serai.cache.mode", "off",
                "serai.alerts.every", "100ms",
                "serai.alerts.webhook.url",
                    "http://127.0.0.1:" + webhook.getAddress().getPort() + "/alerts",
                "serai.alerts.mail.host", "127.0.0.1",
                "serai.alerts.mail.port", Integer.toString(mails.getSmtp().getPort()),
                "serai.alerts.mail.tls", "none",
                "serai.alerts.mail.username", "serai",
                "serai.alerts.mail.password", PASSWORD,
                "serai.alerts.mail.from", "Serai <serai+alerts@serai.example>",
                "serai.alerts.mail.to", "day+alerts@serai.example,night&day@serai.example"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    mails.stop();
    webhook.stop(0);
  }

  /** A millionth of a dollar, which the first call spends several times over. */
  private static Budget soft(Subject subject) {
    return new Budget(
        subject,
        1_000,
        Period.TOTAL,
        ZoneOffset.UTC,
        Budget.Mode.SOFT,
        false,
        Budget.OnBudget.REFUSE,
        null);
  }

  @Test
  void a_budget_that_is_spent_is_told_by_log_webhook_and_mail_once(CapturedOutput output)
      throws Exception {
    gateway.part(Budgets.class).put(soft(Subject.GATEWAY), "test");
    for (int i = 0; i < 3; i++) {
      assertThat(gateway.chat(GatewayUnderTest.ask("hello")).status()).isEqualTo(200);
    }

    await().atMost(Duration.ofSeconds(20)).until(() -> posted("budget_threshold").size() == 4);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> mailed("Budget of gateway/gateway: 100 % of the total").size() == 2);
    assertThat(posted("budget_threshold"))
        .extracting(post -> post.at("/data/threshold_percent").asInt())
        .containsExactly(50, 80, 95, 100);
    MimeMessage mail = mailed("Budget of gateway/gateway: 50 % of the total").getFirst();
    assertThat(mail.getFrom()[0].toString()).isEqualTo("Serai <serai+alerts@serai.example>");
    assertThat(mail.getRecipients(MimeMessage.RecipientType.TO))
        .extracting(Object::toString)
        .containsExactly("day+alerts@serai.example", "night&day@serai.example");
    assertThat(mail.getContent().toString()).contains("The gateway has passed 50 %", "limit_usd: ");
    assertThat(output)
        .contains("WARN")
        .contains("dev.serai.alerts")
        .contains("The gateway has passed 100 % of its budget: $")
        .doesNotContain(PASSWORD);
    JsonNode listed = alerts("?kind=budget_threshold&limit=3");
    assertThat(listed.path("data")).hasSize(3);
    assertThat(listed.at("/data/0/threshold_percent").asInt()).isEqualTo(100);
    assertThat(listed.at("/data/0/deliveries").findValuesAsText("channel"))
        .containsExactly("log", "mail", "webhook");
    JsonNode rest = alerts("?kind=budget_threshold&cursor=" + listed.path("next").asText());
    assertThat(rest.path("data")).hasSize(1);
    await()
        .untilAsserted(
            () ->
                assertThat(alerts("?kind=budget_threshold").path("data").findValuesAsText("state"))
                    .hasSize(12)
                    .containsOnly("delivered"));
  }

  @Test
  void a_model_without_a_price_is_told_and_a_webhook_that_fails_is_asked_again() {
    status = 500;
    String json = GatewayUnderTest.ask("hello").replace("gpt-4o-mini", "gpt-nobody-knows");
    assertThat(gateway.chat(json).status()).isEqualTo(200);
    assertThat(gateway.chat(json).status()).isEqualTo(200);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> deliveryOf("webhook").path("error").asText().equals("status 500"));
    assertThat(deliveryOf("webhook").path("state").asText()).isEqualTo("waiting");
    status = 200;
    hurry();
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> deliveryOf("webhook").path("state").asText().equals("delivered"));

    assertThat(deliveryOf("webhook").path("attempts").asInt()).isEqualTo(2);
    assertThat(posted("unpriced_model"))
        .extracting(post -> post.at("/data/subject").asText())
        .containsExactly("openai/gpt-nobody-knows", "openai/gpt-nobody-knows");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> mailed("No price for openai/gpt-nobody-knows").size() == 2);
  }

  /** 1,000 x 2.50 + 100 x 10.00 per million. */
  @Test
  void a_cost_that_the_provider_states_otherwise_is_told() {
    gateway
        .second()
        .next(
            Behaviour.json(
                200,
                """
                {"id":"g","model":"openai/gpt-4o","choices":[{"index":0,"finish_reason":"stop",
                 "message":{"role":"assistant","content":"hello"}}],
                 "usage":{"prompt_tokens":1000,"completion_tokens":100,"cost":9}}\
                """));
    String json =
        GatewayUnderTest.ask("hi").replace(GatewayUnderTest.MODEL, "openrouter/openai/gpt-4o");
    assertThat(gateway.chat(json).status()).isEqualTo(200);

    await().atMost(Duration.ofSeconds(20)).until(() -> posted("cost_difference").size() == 1);
    assertThat(posted("cost_difference").getFirst().path("text").asText())
        .startsWith(
            "Model openrouter/openai/gpt-4o: the provider says that a call cost $9.00, where"
                + " $0.0035 was computed. ");
  }

  @Test
  void says_which_parameter_of_the_alerts_cannot_be_read() {
    Answer answer = gateway.send(gateway.admin("/admin/v1/alerts?kind=nothing"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text()).contains("budget_threshold, budget_forecast");
    assertThat(gateway.get("/admin/v1/alerts").status()).isEqualTo(401);
  }

  /** As if the pause were over. */
  private static void hurry() {
    gateway
        .part(JdbcClient.class)
        .sql("UPDATE alert_deliveries SET next_try = CURRENT_TIMESTAMP WHERE state = 'waiting'")
        .update();
  }

  private static JsonNode alerts(String query) {
    return gateway.send(gateway.admin("/admin/v1/alerts" + query)).json();
  }

  private static JsonNode deliveryOf(String channel) {
    JsonNode deliveries = alerts("?kind=unpriced_model").at("/data/0/deliveries");
    return StreamSupport.stream(deliveries.spliterator(), false)
        .filter(each -> each.path("channel").asText().equals(channel))
        .findFirst()
        .orElse(JSON.missingNode());
  }

  private static List<JsonNode> posted(String kind) {
    return POSTS.stream().filter(post -> post.at("/data/kind").asText().equals(kind)).toList();
  }

  private static List<MimeMessage> mailed(String title) {
    return Arrays.stream(mails.getReceivedMessages())
        .filter(mail -> subject(mail).equals("[Serai] " + title))
        .toList();
  }

  private static String subject(MimeMessage mail) {
    try {
      return mail.getSubject();
    } catch (MessagingException e) {
      throw new IllegalStateException(e);
    }
  }
}
