package dev.serai.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.catalog.Secret;
import dev.serai.telemetry.Redactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

/** Where secrets come from, each place against a server or a command that speaks as it does. */
@org.junit.jupiter.api.extension.ExtendWith(OutputCaptureExtension.class)
class SecretsTest {
  private static final String TOKEN = "token-of-a-store-0123456789";
  private static final String ARN =
      "arn:aws:secretsmanager:eu-central-1:123456789012:secret:llm-a1";

  // An op that is on its way when the test ends may still write there.
  @TempDir(cleanup = CleanupMode.NEVER)
  Path folder;

  private final MockEnvironment environment =
      new MockEnvironment().withProperty("PATH", "/nowhere").withProperty("serai.x", "");
  private final Redactor redactor = new Redactor();
  private Duration ttl = Duration.ofHours(1);
  private Duration timeout = Duration.ofSeconds(10);
  private Secrets secrets = secrets();

  private Secrets secrets() {
    return new Secrets(
        new Stores(environment, timeout, redactor),
        new SecretSettings(ttl, timeout),
        "serai",
        redactor);
  }

  @AfterEach
  void close() {
    secrets.close();
  }

  private Secret secret(String written) {
    return Objects.requireNonNull(secrets.secret("OPENAI_API_KEY", written));
  }

  private FakeOp op() {
    FakeOp op = new FakeOp(folder);
    environment
        .withProperty("PATH", op.path())
        .withProperty("OP_SERVICE_ACCOUNT_TOKEN", FakeOp.TOKEN);
    secrets = secrets();
    return op;
  }

  private StubServer connect() {
    StubServer server = StubServer.connect(TOKEN);
    environment
        .withProperty("OP_CONNECT_HOST", server.url() + "/")
        .withProperty("OP_CONNECT_TOKEN", TOKEN);
    secrets = secrets();
    return server;
  }

  @Test
  void what_a_setting_holds_itself_is_its_secret() {
    op().put("serai/OPENAI_API_KEY/credential", "not-asked-for");

    assertThat(secret(" sk-literal ").reveal()).isEqualTo("sk-literal");
    assertThat(new FakeOp(folder).arguments()).isEmpty();
  }

  @Test
  void op_has_it_by_its_name_or_by_a_reference() {
    FakeOp op =
        op().put("serai/OPENAI_API_KEY/credential", "sk-by-name")
            .put("Team/Two words/x", "sk-by-ref\n");

    assertThat(secret("").reveal()).isEqualTo("sk-by-name");
    assertThat(secret("op://Team/Two words/x").reveal()).isEqualTo("sk-by-ref");
    assertThat(op.arguments())
        .containsExactlyInAnyOrder(
            "read --no-newline op://serai/OPENAI_API_KEY/credential",
            "read --no-newline op://Team/Two words/x");
  }

  @Test
  void what_op_does_not_have_is_not_there_and_no_trouble() {
    op();

    assertThat(secret("").present()).isFalse();
    assertThat(secrets.stale()).isZero();
  }

  @Test
  void op_that_fails_is_told_without_its_words(CapturedOutput console) {
    op().fails(true);

    assertThat(secret("").present()).isFalse();
    secrets.ready();

    assertThat(secrets.stale()).isEqualTo(1);
    assertThat(console.getOut())
        .contains("secrets not found", "OPENAI_API_KEY", "exit code 7", "op whoami")
        .doesNotContain("service is down")
        .doesNotContain(FakeOp.TOKEN);
  }

  @Test
  void op_that_hangs_is_waited_for_as_long_as_is_set_for_all_together(CapturedOutput console) {
    timeout = Duration.ofMillis(500);
    op().hangs();
    long start = System.nanoTime();

    List<Secret> all =
        List.of("A", "B", "C", "D", "E", "F").stream()
            .map(name -> Objects.requireNonNull(secrets.secret(name, null)))
            .toList();
    secrets.ready();

    assertThat(all).noneMatch(Secret::present);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    assertThat(console.getOut()).containsOnlyOnce("secrets not found").contains("A, B, C, D, E, F");
  }

  @Test
  void without_op_and_connect_one_line_says_so(CapturedOutput console) {
    assertThat(secrets.secret("OPENAI_API_KEY", "")).isNull();
    secrets.ready();

    assertThat(console.getOut())
        .containsOnlyOnce("1Password is not asked")
        .contains("USE_ONEPASSWORD=false");
  }

  @Test
  void switched_off_it_is_not_asked_and_nothing_is_said(CapturedOutput console) {
    FakeOp op = op();
    environment.withProperty("USE_ONEPASSWORD", "false");
    secrets = secrets();

    assertThat(secrets.secret("OPENAI_API_KEY", "")).isNull();
    secrets.ready();
    assertThat(console.getOut()).doesNotContain("1Password");

    assertThat(secret("op://a/b/c").present()).isFalse();
    secrets.ready();
    assertThat(console.getOut()).contains("OPENAI_API_KEY (op://a/b/c): USE_ONEPASSWORD is false");
    assertThat(op.arguments()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'', sk-connect",
    "op://serai/OPENAI_API_KEY/credential, sk-connect",
    "op://serai/OPENAI_API_KEY/username, somebody",
    "op://serai/OPENAI_API_KEY/Production/credential, sk-connect-of-production",
  })
  void connect_has_it_by_its_name_or_by_a_reference(String written, String value) {
    try (StubServer server = connect()) {
      server.put("OPENAI_API_KEY", "sk-connect");

      assertThat(secret(written).reveal()).isEqualTo(value);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "op://other/OPENAI_API_KEY/credential",
        "op://serai/NO/credential",
        "op://serai/OPENAI_API_KEY/no"
      })
  void what_connect_does_not_have_is_named(String written, CapturedOutput console) {
    try (StubServer server = connect()) {
      server.put("OPENAI_API_KEY", "sk-connect");

      assertThat(secret(written).present()).isFalse();
      secrets.ready();
    }

    assertThat(console.getOut()).contains("(" + written + "): there is no such secret");
  }

  @Test
  void connect_that_refuses_or_hangs_up_is_told(CapturedOutput console) {
    try (StubServer server = connect()) {
      environment.withProperty("OP_CONNECT_TOKEN", "wrong");
      secrets = secrets();
      assertThat(secret("").present()).isFalse();
      secrets.ready();
      assertThat(console.getOut()).contains("Connect refuses the OP_CONNECT_TOKEN");
      server.away(true);
    }
    secrets = secrets();
    assertThat(secret("").present()).isFalse();
    secrets.ready();
    assertThat(console.getOut()).contains("Connect cannot be reached at OP_CONNECT_HOST");
  }

  @Test
  void connect_stands_in_for_op_that_fails() {
    op().fails(true);
    try (StubServer server = connect()) {
      server.put("OPENAI_API_KEY", "sk-connect");

      assertThat(secret("").reveal()).isEqualTo("sk-connect");
    }
  }

  @Test
  void a_file_is_read_without_its_last_line_break() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "sk-file\r\n");

    assertThat(secret("file:" + file).reveal()).isEqualTo("sk-file");
    assertThat(secret("file:" + folder.resolve("no")).present()).isFalse();
    assertThat(secret("file:" + folder).present()).isFalse();
    Files.writeString(file, "two\nlines");
    secrets = secrets();
    assertThat(secret("file:" + file).present()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "vault:secret/serai/llm#api_key, secret/serai/llm",
    "vault:secret/data/serai/llm#api_key, secret/serai/llm",
    "vault:old/llm#api_key, old/llm",
  })
  void vault_has_it_in_both_versions_of_its_engine(String written, String kept) {
    try (StubServer server = StubServer.start(all -> new VaultProtocol(TOKEN, all))) {
      server.put(kept, "sk-vault");
      environment.withProperty("VAULT_ADDR", server.url()).withProperty("VAULT_TOKEN", TOKEN);

      assertThat(secret(written).reveal()).isEqualTo("sk-vault");
      assertThat(secret(written.replace("#api_key", "#other")).present()).isFalse();
    }
  }

  @Test
  void vault_wants_its_token(CapturedOutput console) throws IOException {
    try (StubServer server = StubServer.start(all -> new VaultProtocol(TOKEN, all))) {
      server.put("secret/llm", "sk-vault");
      Path token = Files.writeString(folder.resolve("token"), "wrong-token");
      environment
          .withProperty("VAULT_ADDR", server.url())
          .withProperty("VAULT_TOKEN", "file:" + token);
      assertThat(secret("vault:secret/llm#api_key").present()).isFalse();
      secrets.ready();
      assertThat(console.getOut()).contains("Vault refuses VAULT_TOKEN").doesNotContain("wrong-");

      Files.writeString(token, TOKEN);
      secrets = secrets();
      assertThat(secret("vault:secret/llm#api_key").reveal()).isEqualTo("sk-vault");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "aws-sm:serai/llm#openai, sk-aws",
    "aws-sm:serai/plain, sk-plain",
    "aws-sm:" + ARN + "#openai, sk-arn",
  })
  void aws_has_it_for_a_signed_request(String written, String value) {
    try (StubServer server = secretsManager("right-secret-0123456789")) {
      assertThat(secret(written).reveal()).isEqualTo(value);
      assertThat(server.requests()).isNotEmpty();
      assertThat(secret("aws-sm:serai/no").present()).isFalse();
      assertThat(secret("aws-sm:serai/llm#no").present()).isFalse();
      assertThat(secret("aws-sm:serai/plain#no").present()).isFalse();
    }
  }

  @Test
  void aws_refuses_a_wrong_signature(CapturedOutput console) {
    try (StubServer server = secretsManager("another-secret-0123456789")) {
      assertThat(secret("aws-sm:serai/plain").present()).isFalse();
      assertThat(server.requests()).isNotEmpty();
      secrets.ready();
    }

    assertThat(console.getOut())
        .contains("AWS Secrets Manager answers with status 400")
        .doesNotContain("another-secret");
  }

  private StubServer secretsManager(String ourSecret) {
    StubServer server =
        StubServer.start(
            all -> new SecretsManagerProtocol("AKIDOFTHETESTS", "right-secret-0123456789", all));
    server
        .put("serai/llm", "{\"openai\":\"sk-aws\"}")
        .put("serai/plain", "sk-plain")
        .put(ARN, "{\"openai\":\"sk-arn\"}");
    environment
        .withProperty("AWS_REGION", "eu-central-1")
        .withProperty("AWS_ACCESS_KEY_ID", "AKIDOFTHETESTS")
        .withProperty("AWS_SECRET_ACCESS_KEY", ourSecret)
        .withProperty("AWS_ENDPOINT_URL_SECRETS_MANAGER", server.url());
    return server;
  }

  @ParameterizedTest
  @CsvSource({
    "vault:secret/llm#a, VAULT_ADDR is not set",
    "aws-sm:llm#a, AWS_REGION is not set",
    "op://a/b/c, neither 1Password's op command nor",
  })
  void a_store_that_nobody_described_is_named(String written, String says, CapturedOutput console) {
    assertThat(secret(written).present()).isFalse();
    secrets.ready();

    assertThat(console.getOut()).contains("OPENAI_API_KEY (" + written + "): " + says);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "op://vault",
        "op://v//f",
        "op://",
        "file:",
        "vault:path",
        "vault:#f",
        "vault:p#",
        "aws-sm:",
        "aws-sm:n#",
        "op://a/b/c\u0000"
      })
  void a_reference_that_cannot_be_read_is_refused_and_not_repeated(String written) {
    assertThatThrownBy(() -> secrets.secret("OPENAI_API_KEY", written))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a reference to a secret is written ")
        .message()
        .isNotEqualTo(written);
  }

  @Test
  void a_value_that_changes_is_followed_and_one_that_goes_away_stays(CapturedOutput console) {
    ttl = Duration.ofMillis(50);
    try (StubServer server = connect()) {
      server.put("OPENAI_API_KEY", "sk-first-value");
      Secret secret = secret("");
      secrets.ready();
      assertThat(secret.reveal()).isEqualTo("sk-first-value");
      assertThat(console.getOut()).contains("secrets found: OPENAI_API_KEY");

      server.put("OPENAI_API_KEY", "sk-second-value");
      await().untilAsserted(() -> assertThat(secret.reveal()).isEqualTo("sk-second-value"));

      server.away(true);
      await().until(() -> secrets.stale() == 1 && secrets.failures() > 3);
      assertThat(secret.reveal()).isEqualTo("sk-second-value");
      assertThat(console.getOut()).containsOnlyOnce("their last values go on being used");

      server.away(false);
      await().until(() -> secrets.stale() == 0);
      assertThat(redactor.redact("sk-first-value sk-second-value")).isEqualTo("*** ***");
      await().until(() -> console.getOut().split("secrets found", -1).length == 3);
    }
  }

  @Test
  void one_that_was_missing_is_found_later() {
    ttl = Duration.ofMillis(50);
    FakeOp op = op();
    Secret secret = secret("");
    secrets.ready();
    assertThat(secret.present()).isFalse();

    op.put("serai/OPENAI_API_KEY/credential", "sk-late");

    await().until(secret::present);
    assertThat(secret.reveal()).isEqualTo("sk-late");
  }

  @Test
  void times_that_are_none_are_refused() {
    assertThatThrownBy(() -> new SecretSettings(Duration.ZERO, timeout))
        .isInstanceOf(SecretException.class)
        .hasMessageContaining("serai.secrets.ttl");
  }
}
