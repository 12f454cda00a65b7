package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a credential is missing, the caller learns which; nothing is called or billed. */
class CredentialsTest {
  private static final Map<String, String> ONLY_OPENAI =
      Map.of("serai.providers.openrouter.api-key", "");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(ONLY_OPENAI);

  @ParameterizedTest
  @CsvSource({
    "cag, '', AWS_ACCESS_KEY_ID",
    "cag, '\"stream\":true,', AWS_ACCESS_KEY_ID",
    "orchestrator_analysis, '', AWS_ACCESS_KEY_ID",
    "bedrock/eu.anthropic.claude-sonnet-4-20250514-v1:0, '', AWS_ACCESS_KEY_ID",
    "claude-haiku-4-5, '', ANTHROPIC_API_KEY",
    "anthropic/claude-haiku-4-5, '', ANTHROPIC_API_KEY",
    "anthropic/claude-sonnet-4, '', OPENROUTER_API_KEY",
    "openrouter/mistralai/mistral-small, '', OPENROUTER_API_KEY",
  })
  void a_missing_credential_is_named(String model, String fields, String variable) {
    long rows = gateway.ledgerSize();

    Answer answer =
        gateway.chat(
            "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(model, fields));

    answer.isError(503, "no_target_available");
    assertThat(answer.json().path("error").path("message").asText())
        .contains(variable)
        .doesNotContain(GatewayUnderTest.PROVIDER_KEY);
    assertThat(answer.header("retry-after")).matches("[1-9][0-9]*");
    assertThat(answer.headers()).doesNotContainKeys("x-serai-attempts", "x-serai-target");
    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(gateway.second().calls()).isEmpty();
    assertThat(gateway.ledgerSize()).isEqualTo(rows);
  }

  @Test
  void a_role_goes_to_the_targets_that_have_one() {
    Answer answer =
        gateway.chat("{\"model\":\"chat\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("x-serai-target")).isEqualTo("openai");
    assertThat(answer.header("x-serai-model")).isEqualTo("gpt-4o");
  }

  @Test
  void a_check_names_it_as_well() {
    Answer answer =
        gateway.send(
            gateway
                .admin("/admin/v1/targets/openrouter/check")
                .POST(java.net.http.HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.json().path("state").asText()).isEqualTo("no_credential");
    assertThat(answer.json().path("message").asText()).contains("OPENROUTER_API_KEY");
    assertThat(gateway.second().calls()).isEmpty();
  }
}
