package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import dev.serai.secret.FakeOp;
import dev.serai.secret.StubServer;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Secrets that are kept elsewhere reach the providers, and only them. */
@ExtendWith(OutputCaptureExtension.class)
class SecretsTest {
  private static final String TOKEN = TestKeys.secret("token-of-connect-0123456789");
  private static final String FIRST = TestKeys.secret("sk-first-0123456789abcdef");
  private static final String SECOND = TestKeys.secret("sk-second-0123456789abcdef");
  private static final String ADMIN = TestKeys.secret("admin-key-of-1password");

  // An op that is on its way when the test ends may still write there.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private static Map<String, String> with(String... properties) {
    Map<String, String> all = new HashMap<>();
    all.put("USE_ONEPASSWORD", "true");
    all.put("PATH", "/nowhere");
    all.put("serai.secrets.ttl", "100ms");
    for (int i = 0; i < properties.length; i += 2) {
      all.put(properties[i], properties[i + 1]);
    }
    return all;
  }

  private static String keySeen(GatewayUnderTest gateway, String text) {
    gateway.provider().reset();
    assertThat(gateway.chat(ask(text)).status()).isEqualTo(200);
    return gateway.provider().calls().getFirst().header("authorization");
  }

  @Test
  void by_default_and_without_op_it_starts_and_says_so_once(CapturedOutput console) {
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(with("serai.providers.openrouter.api-key", ""))) {
      assertThat(console.getOut()).containsOnlyOnce("1Password").contains("USE_ONEPASSWORD=false");
      assertThat(keySeen(gateway, "env first"))
          .isEqualTo("Bearer " + GatewayUnderTest.PROVIDER_KEY);
      Answer answer =
          gateway.chat(
              "{\"model\":\"openrouter/x\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
      answer.isError(503, "no_target_available");
      assertThat(answer.text()).contains("OPENROUTER_API_KEY");
    }
  }

  @Test
  void a_key_from_op_is_used_and_its_successor_without_a_restart(CapturedOutput console) {
    FakeOp op =
        new FakeOp(folder)
            .put("serai/OPENAI_API_KEY/credential", FIRST)
            .put("serai/SERAI_ADMIN_KEY/credential", ADMIN);
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            with(
                "PATH",
                op.path(),
                "OP_SERVICE_ACCOUNT_TOKEN",
                FakeOp.TOKEN,
                "serai.admin-key",
                "",
                "serai.providers.openai.api-key",
                ""))) {
      assertThat(keySeen(gateway, "first")).isEqualTo("Bearer " + FIRST);
      assertThat(op.arguments())
          .contains("read --no-newline op://serai/ANTHROPIC_API_KEY/credential")
          .doesNotContain("read --no-newline op://serai/OPENROUTER_API_KEY/credential");

      op.put("serai/OPENAI_API_KEY/credential", SECOND);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> keySeen(gateway, "n" + System.nanoTime()).equals("Bearer " + SECOND));

      op.fails(true);
      await().atMost(Duration.ofSeconds(10)).until(() -> gateway.meter("serai_secrets_stale") > 0);
      assertThat(keySeen(gateway, "while it is away")).isEqualTo("Bearer " + SECOND);
      assertThat(gateway.meter("serai_secrets_failures_total")).isPositive();
      Answer usage =
          gateway.send(
              gateway.request("/admin/v1/usage").setHeader("Authorization", "Bearer " + ADMIN));
      assertThat(usage.status()).isEqualTo(200);
      assertThat(console.getOut())
          .contains("their last values go on being used")
          .doesNotContain(FIRST, SECOND, ADMIN, FakeOp.TOKEN);
    }
  }

  @Test
  void a_key_that_appears_later_is_used_without_a_restart() {
    FakeOp op = new FakeOp(folder);
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            with(
                "PATH",
                op.path(),
                "OP_SERVICE_ACCOUNT_TOKEN",
                FakeOp.TOKEN,
                "serai.providers.openai.api-key",
                ""))) {
      gateway.chat(ask("too early")).isError(503, "no_target_available");

      op.put("serai/OPENAI_API_KEY/credential", FIRST);

      await().atMost(Duration.ofSeconds(10)).until(() -> gateway.chat(ask("now")).status() == 200);
      assertThat(gateway.provider().calls().getFirst().header("authorization"))
          .isEqualTo("Bearer " + FIRST);
    }
  }

  @Test
  void an_op_that_hangs_does_not_keep_it_from_starting(CapturedOutput console) {
    FakeOp op = new FakeOp(folder);
    op.hangs();
    long start = System.nanoTime();
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            with("PATH", op.path(), "serai.secrets.timeout", "500ms", "serai.secrets.ttl", "1h"))) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(50));
      assertThat(keySeen(gateway, "hangs")).isEqualTo("Bearer " + GatewayUnderTest.PROVIDER_KEY);
      assertThat(console.getOut()).contains("op command did not answer within 500 ms");
    }
  }

  @Test
  void connect_gives_keys_headers_and_aws_credentials() throws IOException {
    Path header = Files.writeString(folder.resolve("header"), FIRST + "\n");
    try (StubServer connect = StubServer.connect(TOKEN).put("OPENAI_API_KEY", SECOND);
        GatewayUnderTest gateway =
            GatewayUnderTest.start(
                with(
                    "OP_CONNECT_HOST",
                    connect.url(),
                    "OP_CONNECT_TOKEN",
                    TOKEN,
                    "serai.providers.openai.api-key",
                    "",
                    "serai.providers.openai.headers.X-Team-Key",
                    "file:" + header))) {
      assertThat(keySeen(gateway, "connect")).isEqualTo("Bearer " + SECOND);
      assertThat(gateway.provider().calls().getFirst().header("x-team-key")).isEqualTo(FIRST);

      Files.writeString(header, SECOND);
      await()
          .atMost(Duration.ofSeconds(10))
          .until(
              () -> {
                keySeen(gateway, "h" + System.nanoTime());
                return gateway.provider().calls().getFirst().header("x-team-key").equals(SECOND);
              });
      Answer check =
          gateway.send(
              gateway
                  .admin("/admin/v1/targets/openai/check")
                  .POST(HttpRequest.BodyPublishers.noBody()));
      assertThat(check.status()).isEqualTo(200);
    }
  }

  @Test
  void aws_keys_that_change_sign_the_next_call() {
    try (StubServer connect =
            StubServer.connect(TOKEN)
                .put("AWS_ACCESS_KEY_ID", "AKIDOFTHEFIRST")
                .put("AWS_SECRET_ACCESS_KEY", FIRST);
        GatewayUnderTest gateway =
            GatewayUnderTest.start(
                with("OP_CONNECT_HOST", connect.url(), "OP_CONNECT_TOKEN", TOKEN))) {
      assertThat(signer(gateway)).contains("Credential=AKIDOFTHEFIRST/");

      connect.put("AWS_ACCESS_KEY_ID", "AKIDOFTHESECOND");

      await()
          .atMost(Duration.ofSeconds(10))
          .until(() -> signer(gateway).contains("Credential=AKIDOFTHESECOND/"));
    }
  }

  @Test
  void a_start_that_fails_repeats_no_secret(CapturedOutput console) {
    assertThatThrownBy(() -> GatewayUnderTest.start(with("serai.limits.in-flight", FIRST)))
        .isNotNull();
    assertThatThrownBy(
            () ->
                GatewayUnderTest.start(
                    with("serai.admin-key", ADMIN, "serai.providers.openai.dialect", ADMIN)))
        .isNotNull();

    assertThat(console.getAll())
        .contains(
            "APPLICATION FAILED TO START", "serai.limits.in-flight", "dialect is unknown (***)")
        .doesNotContain(FIRST)
        .doesNotContain(ADMIN);
  }

  @Test
  void a_secret_that_the_start_needs_is_named(CapturedOutput console) {
    String missing = "file:" + folder.resolve("no");
    assertThatThrownBy(() -> GatewayUnderTest.start(with("spring.datasource.password", missing)))
        .isNotNull();
    assertThat(console.getOut())
        .contains("The secret " + missing + " is not there", "or set spring.datasource.password")
        .doesNotContain("\tat ");

    assertThatThrownBy(() -> GatewayUnderTest.start(with("spring.datasource.password", "vault:x")))
        .isNotNull();
    assertThatThrownBy(
            () -> GatewayUnderTest.start(with("serai.providers.openai.api-key", "op://x")))
        .isNotNull();
    assertThat(console.getOut())
        .contains("spring.datasource.password is not usable: a reference to a secret is written")
        .contains("providers.yaml: openai: api-key is not usable: a reference to a secret is")
        .doesNotContain("\tat ");
  }

  @Test
  void a_password_of_the_database_that_changes_is_used_for_new_connections() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), FIRST);
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(
            with(
                "spring.datasource.url", "jdbc:h2:mem:secret;DB_CLOSE_DELAY=-1",
                "spring.datasource.username", "serai",
                "spring.datasource.password", "file:" + file))) {
      HikariDataSource pool = (HikariDataSource) gateway.part(DataSource.class);
      try (var connection = pool.getConnection();
          var statement = connection.createStatement()) {
        statement.execute("alter user serai set password '" + SECOND + "'");
      }

      Files.writeString(file, SECOND);

      await().atMost(Duration.ofSeconds(10)).until(() -> SECOND.equals(pool.getPassword()));
      pool.getHikariPoolMXBean().softEvictConnections();
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> gateway.chat(ask("again")).status() == 200);
      try (var connection = pool.getConnection()) {
        assertThat(connection.isValid(1)).isTrue();
      }
    }
  }

  private static String signer(GatewayUnderTest gateway) {
    gateway.provider().reset();
    gateway.chat(
        ask("s" + System.nanoTime())
            .replace(GatewayUnderTest.MODEL, "bedrock/anthropic.claude-3-haiku-20240307-v1:0"));
    return gateway.provider().awaitCalls(1).getFirst().header("authorization");
  }
}
