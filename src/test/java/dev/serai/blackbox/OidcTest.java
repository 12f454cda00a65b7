package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.jwk.RSAKey;
import dev.serai.oidc.LocalIssuer;
import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Tokens of an OpenID Connect issuer open what keys do. */
@ExtendWith(OutputCaptureExtension.class)
class OidcTest {
  private static final String USAGE = "/admin/v1/usage";
  private static final String ACME = "sk-of-acme";
  private static LocalIssuer issuer;
  private static RSAKey key;
  private static GatewayUnderTest gateway;

  @BeforeAll
  static void start() {
    issuer = LocalIssuer.start();
    key = issuer.rsa("first");
    issuer.stop();
    gateway =
        GatewayUnderTest.start(
            Map.of(
                "serai.tenants.acme.key-sha256[0]", GatewayKey.hashOf(ACME),
                "serai.tenants.zeta.name", "Zeta",
                "serai.oidc.issuer", issuer.address(),
                "serai.oidc.audience", LocalIssuer.AUDIENCE,
                "serai.oidc.tenant-claim", "tenant",
                "serai.oidc.admin-claim", "realm_access.roles",
                "serai.oidc.admin-value", "serai-admin"));
    assertThat(chat(token(Map.of("tenant", "zeta"))).status())
        .as("started without the issuer, which is away")
        .isEqualTo(503);
    issuer.startAgain();
  }

  @AfterAll
  static void stop() {
    gateway.close();
    issuer.close();
  }

  @Test
  void a_token_calls_for_the_tenant_it_names() {
    Answer answer = chat(token(Map.of("tenant", "zeta")));

    assertThat(answer.status()).as(answer.text()).isEqualTo(200);
    assertThat(
            gateway
                .send(gateway.admin(USAGE + "/rows?request_id=" + answer.requestId()))
                .json()
                .at("/data/0/tenant_id")
                .asText())
        .isEqualTo("zeta");
  }

  @Test
  void a_token_reads_as_well_as_it_calls() {
    String token = token(Map.of("tenant", "zeta"));

    assertThat(get("/v1/models", token).status()).isEqualTo(200);
    assertThat(get("/v1/usage", token).status()).isEqualTo(200);
    assertThat(get("/v1/conversations/none", token).status()).isEqualTo(404);
  }

  @Test
  void gateway_keys_go_on_working() {
    assertThat(chat(ACME).status()).isEqualTo(200);
  }

  @Test
  void a_tenant_that_does_not_exist_is_as_a_key_that_does_not_exist() {
    Answer unknownKey = chat("sk-of-nobody");

    Answer unknownTenant = chat(token(Map.of("tenant", "nobody")));
    Answer noTenant = chat(token(Map.of()));
    Answer oddTenant = chat(token(Map.of("tenant", List.of("acme"))));

    for (Answer answer : List.of(unknownKey, unknownTenant, noTenant, oddTenant)) {
      answer.isError(401, "invalid_api_key");
      assertThat(answer.text()).isEqualTo(unknownKey.text());
    }
  }

  @Test
  void a_token_that_is_worth_nothing_is_as_a_key_that_does_not_exist() {
    RSAKey other = new LocalKeys().rsa();
    String[] tokens = {
      issuer.token(other, Map.of("tenant", "acme")),
      token(Map.of("tenant", "acme", "aud", "another")),
      token(Map.of("tenant", "acme", "iss", "https://elsewhere.example")),
      token(Map.of("tenant", "acme", "exp", 1)),
      token(Map.of("tenant", "acme")) + "x"
    };

    for (String token : tokens) {
      assertThat(chat(token).isError(401, "invalid_api_key").text())
          .isEqualTo(chat("sk-of-nobody").text());
    }
  }

  @Test
  void an_operators_token_opens_the_admin_api() {
    String operator = token(Map.of("realm_access", Map.of("roles", List.of("serai-admin"))));

    assertThat(get(USAGE, operator).status()).isEqualTo(200);
    assertThat(get(USAGE, GatewayUnderTest.ADMIN_KEY).status()).isEqualTo(200);
    get(USAGE, token(Map.of("tenant", "acme"))).isError(401, "invalid_api_key");
    chat(operator).isError(401, "invalid_api_key");
  }

  @Test
  void a_rotated_key_is_found_and_the_old_one_is_good_while_it_is_published() {
    assertThat(chat(token(Map.of("tenant", "zeta"))).status()).isEqualTo(200);

    RSAKey second = issuer.rsa("second");

    // The issuer is asked twice in ten seconds at most.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> chat(issuer.token(second, Map.of("tenant", "zeta"))).status() == 200);
    assertThat(chat(token(Map.of("tenant", "zeta"))).status()).isEqualTo(200);
  }

  @Test
  void tokens_are_verified_once_and_never_written_down(CapturedOutput console) {
    String token = token(Map.of("tenant", "zeta", "n", "once"));
    chat(token);
    int fetches = issuer.keyFetches();
    for (int i = 0; i < 20; i++) {
      assertThat(get("/v1/models", token).status()).isEqualTo(200);
    }
    chat(token + "x");

    assertThat(issuer.keyFetches()).isEqualTo(fetches);
    assertThat(console.getAll()).contains("tenant=zeta").doesNotContain(token, "eyJ");
  }

  @Test
  void the_admin_api_can_be_for_tokens_alone() {
    try (GatewayUnderTest keyless =
        GatewayUnderTest.start(
            Map.of(
                "serai.admin-key", "",
                "serai.oidc.issuer", issuer.address(),
                "serai.oidc.audience", LocalIssuer.AUDIENCE,
                "serai.oidc.admin-claim", "groups",
                "serai.oidc.admin-value", "ops"))) {
      String operator = token(Map.of("groups", List.of("dev", "ops")));

      assertThat(keyless.send(keyless.admin(USAGE)).status()).isEqualTo(401);
      assertThat(
              keyless
                  .send(keyless.request(USAGE).setHeader("Authorization", "Bearer " + operator))
                  .status())
          .isEqualTo(200);
      assertThat(keyless.get("/v1/models", "x-tenant", "none").status())
          .as("callers still come by key")
          .isEqualTo(200);
    }
  }

  private static String token(Map<String, ?> claims) {
    return issuer.token(key, claims);
  }

  private static Answer chat(String bearer) {
    return gateway.send(
        gateway
            .request("/v1/chat/completions", "Content-Type", "application/json")
            .setHeader("Authorization", "Bearer " + bearer)
            .POST(BodyPublishers.ofString(ask("Who am I?", "\"seed\":" + bearer.hashCode()))));
  }

  private static Answer get(String path, String bearer) {
    return gateway.send(gateway.request(path).setHeader("Authorization", "Bearer " + bearer));
  }

  /** Keys that no issuer has published. */
  private static final class LocalKeys {
    RSAKey rsa() {
      try {
        return new com.nimbusds.jose.jwk.gen.RSAKeyGenerator(2048).keyID("first").generate();
      } catch (com.nimbusds.jose.JOSEException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
