package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.ledger.Ledger;
import dev.serai.tenant.GatewayKey;
import java.nio.file.Files;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What a new user finds. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {
  private static final String HELLO = "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello!\"}]}";

  private static final String KEY_HASH = GatewayKey.hashOf("sk-acme");

  private static Map<String, String> withoutKeys() {
    Map<String, String> properties = new HashMap<>();
    properties.put("serai.providers.openai.api-key", "");
    properties.put("serai.providers.openrouter.api-key", "");
    properties.put("serai.files.enabled", "true");
    properties.put("serai.files.poll", "100ms");
    properties.put("serai.files.settle", "100ms");
    return properties;
  }

  @Test
  void without_any_key_it_says_what_to_type_and_it_works(CapturedOutput console) {
    Map<String, String> properties = withoutKeys();
    properties.put("serai.providers.bedrock.api-key", "half-a-credential");
    try (GatewayUnderTest gateway = GatewayUnderTest.start(properties)) {
      assertThat(console.getOut())
          .contains("AWS_SECRET_ACCESS_KEY is missing")
          .doesNotContain("half-a-credential")
          .contains("Serai answers at http://127.0.0.1:" + gateway.port())
          .contains("the model `local` inside this process answers every role")
          .contains("OPENAI_API_KEY")
          .contains("curl http://127.0.0.1:" + gateway.port() + "/v1/chat/completions")
          .contains(HELLO)
          .contains(gateway.home().resolve("inbox").toString())
          .doesNotContain(GatewayUnderTest.ADMIN_KEY);

      Answer answer = gateway.chat(HELLO);

      assertThat(answer.content()).contains("Serai's local model", "You said: Hello!");
      assertThat(answer.header("x-serai-target")).isEqualTo("local");
      assertThat(answer.header("x-serai-cost-usd")).isEqualTo("0.00");
      assertThat(gateway.home().resolve("inbox/default")).isDirectory();
      assertThat(gateway.home().resolve("inbox/orchestrator_analysis")).isDirectory();
      assertThat(gateway.home().resolve("outbox")).isDirectory();
      assertThat(gateway.home().resolve("failed")).isDirectory();
      assertThat(Folders.names(gateway.home().resolve("inbox"))).contains("rag");
      Folders rag = Folders.of(gateway.home(), "rag");
      rag.drop("q.md", "What is a serai?");
      assertThat(rag.answer("q.md")).contains("You said: What is a serai?");
      String requestId = rag.sidecar("q.md").path("request_id").asText();
      assertThat(gateway.settledLedger(requestId))
          .extracting(LedgerRow::costNanos)
          .containsExactly(0L);
    }
  }

  @Test
  void with_tenants_files_wait_until_somebody_pays(CapturedOutput console) {
    Map<String, String> tenants = withoutKeys();
    tenants.put("serai.tenants.acme.key-sha256[0]", KEY_HASH);
    GatewayUnderTest before = GatewayUnderTest.start(tenants);
    Folders folders = Folders.of(before.home(), "default");
    folders.drop("q.md", "Who pays?");

    assertThat(console.getOut())
        .contains("serai.files.tenant names none of them")
        .contains("files:   not watched")
        .contains("keys:    those of config/tenants.yaml")
        .doesNotContain(GatewayUnderTest.KEY);
    before.chat(HELLO).isError(401, "invalid_api_key");

    Map<String, String> paid = new HashMap<>(tenants);
    paid.put("serai.files.tenant", "acme");
    assertThat(Files.exists(folders.inbox().resolve("q.md"))).isTrue();
    try (GatewayUnderTest after = before.restarted(paid)) {
      assertThat(folders.answer("q.md")).contains("You said: Who pays?");
      Answer answer =
          after.send(after.request("/v1/models").setHeader("Authorization", "Bearer sk-acme"));
      assertThat(answer.status()).isEqualTo(200);
    }
  }

  @Test
  void the_example_names_a_role_that_is_answered(CapturedOutput console) {
    String request = "{\"model\":\"chat\"," + HELLO.substring(1);
    try (GatewayUnderTest gateway =
        GatewayUnderTest.start(Map.of("serai.providers.openai.api-key", ""))) {
      assertThat(console.getOut()).contains("targets: openrouter, local", request);

      Answer answer = gateway.chat(request);
      gateway.get("/v1/models");

      assertThat(answer.header("x-serai-target")).isEqualTo("openrouter");
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> console.getOut().split("dev.serai.request ", -1).length == 3);
    }
  }

  @Test
  void with_a_key_it_names_the_targets_and_no_secret(CapturedOutput console) {
    try (GatewayUnderTest gateway = GatewayUnderTest.start(Map.of())) {
      assertThat(console.getOut())
          .contains("targets: openai, openrouter, local")
          .doesNotContain(GatewayUnderTest.PROVIDER_KEY);
      gateway
          .chat("{\"model\":\"cag\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
          .isError(503, "no_target_available");

      gateway.part(Ledger.class).stop();
      Answer answer = gateway.chat(GatewayUnderTest.ask("may not be sent"));

      answer.isError(503, "no_target_available");
      assertThat(answer.header("retry-after")).isNotEmpty();
      assertThat(gateway.provider().calls()).isEmpty();
      await()
          .atMost(Duration.ofSeconds(5))
          .until(() -> console.getOut().contains("status=503 error=no_target_available"));
    }
  }
}
