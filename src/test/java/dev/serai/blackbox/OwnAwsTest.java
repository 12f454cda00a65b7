package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Bedrock;
import dev.serai.provider.Call;
import dev.serai.provider.FakeAws;
import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tenants call Amazon Bedrock on AWS accounts of their own, by keys or by a role. */
class OwnAwsTest {
  private static final String HAIKU = "bedrock/anthropic.claude-3-haiku-20240307-v1:0";
  private static final String TITAN = "bedrock/amazon.titan-embed-text-v2:0";
  private static final String KEYS =
      "{\"access_key_id\":\"AKIAOFACME12345678\",\"secret_access_key\":\"secret/of+acme\"";
  private static final String ROLE = "arn:aws:iam::123456789012:role/serai";

  private KeyBringers tenancy = KeyBringers.fresh();
  private GatewayUnderTest gateway = tenancy.gateway;
  private FakeProvider bedrock = gateway.provider();
  private FakeAws sts;

  @BeforeEach
  void startSts() {
    sts = FakeAws.start().signer("AKIAOFTHEPLATFORM1", "secret-of-the-platform");
  }

  @AfterEach
  void stopSts() {
    sts.close();
  }

  private void store(String tenant, String json) {
    Answer answer = tenancy.put(tenant, "bedrock", json);
    assertThat(answer.status()).as(answer.text()).isEqualTo(204);
  }

  private String signature(int call) {
    return bedrock.calls().get(call).header("authorization");
  }

  @Test
  void a_tenants_keys_sign_its_calls_though_the_platform_has_none() {
    bedrock.next(
        Bedrock.says("whole"), Bedrock.stream(Duration.ZERO, Bedrock.texts("in", " parts")));
    store("acme", KEYS + "}");

    Answer whole = tenancy.chat("acme", HAIKU);
    Answer stream = tenancy.chat("acme", HAIKU, "\"stream\":true,");

    assertThat(whole.content()).isEqualTo("whole");
    assertThat(stream.text()).contains("parts");
    for (int i = 0; i < 2; i++) {
      assertThat(signature(i))
          .startsWith("AWS4-HMAC-SHA256 Credential=AKIAOFACME12345678/")
          .contains("/eu-central-1/bedrock/aws4_request");
    }
    assertThat(tenancy.accounts(whole)).containsExactly("tenant");
    assertThat(tenancy.accounts(stream)).containsExactly("tenant");
    tenancy.chat("trial", HAIKU).isError(503, "no_target_available");
    tenancy.chat("zeta", HAIKU).isError(402, "provider_key_required");
    assertThat(bedrock.calls()).hasSize(2);
  }

  @Test
  void a_session_and_a_region_of_its_own_are_kept_to() {
    bedrock
        .next(Bedrock.says("whole"), Bedrock.stream(Duration.ZERO, Bedrock.texts("in", " parts")))
        .byDefault(Bedrock.converse("{\"embedding\":[0.5,0.25],\"inputTextTokenCount\":3}"));
    store("acme", KEYS + ",\"session_token\":\"token-of-acme\",\"region\":\"us-west-2\"}");

    tenancy.chat("acme", HAIKU);
    tenancy.chat("acme", HAIKU, "\"stream\":true,");
    Answer vector =
        tenancy.post("acme", "/v1/embeddings", "{\"model\":\"" + TITAN + "\",\"input\":[\"hi\"]}");

    assertThat(vector.status()).as(vector.text()).isEqualTo(200);
    assertThat(bedrock.calls())
        .hasSize(3)
        .allSatisfy(
            call -> {
              assertThat(call.header("authorization")).contains("/us-west-2/bedrock/aws4_request");
              assertThat(call.header("x-amz-security-token")).isEqualTo("token-of-acme");
            });
  }

  @Test
  void a_region_of_its_own_that_cannot_be_reached_opens_no_breaker() throws Exception {
    Map<String, String> settings = new HashMap<>(KeyBringers.settings());
    settings.put("serai.providers.bedrock.base-url", "http://127.0.0.1:" + closedPort());
    settings.put("serai.providers.bedrock.max-retries", "0");
    settings.put("serai.providers.bedrock.breaker.minimum-calls", "5");
    settings.put("serai.providers.bedrock.breaker.sliding-window", "5");
    try (GatewayUnderTest tight = GatewayUnderTest.start(settings)) {
      tenancy = KeyBringers.of(tight);
      store("acme", KEYS + ",\"region\":\"us-west-2\"}");
      store("zeta", KEYS + "}");

      for (int i = 0; i < 6; i++) {
        tenancy.chat("acme", HAIKU).isError(502, "provider_error");
      }
      assertThat(breaker(tight)).isEqualTo("closed");
      for (int i = 0; i < 6; i++) {
        tenancy.chat("zeta", HAIKU);
      }
      assertThat(breaker(tight)).isEqualTo("open");
    }
  }

  private static String breaker(GatewayUnderTest gateway) {
    return gateway
        .get("/actuator/health/providers")
        .json()
        .findPath("bedrock")
        .path("breaker")
        .asText();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          403 | UnrecognizedClientException | 401 | Your AWS Bedrock API key is invalid. Please store one that is valid with PUT /admin/v1/tenants/acme/credentials/bedrock.
          400 | ExpiredTokenException       | 401 | Your AWS Bedrock API key is invalid. Please store one that is valid with PUT /admin/v1/tenants/acme/credentials/bedrock.
          403 | AccessDeniedException       | 401 | Your AWS Bedrock API key is not allowed to make this call. Please give it access to the model, or store another with PUT /admin/v1/tenants/acme/credentials/bedrock.
          429 | ThrottlingException         | 429 | Your AWS Bedrock API key is rate limited. Please try again after the time in Retry-After.
          402 | PaymentRequired             | 402 | Your AWS Bedrock API key quota exceeded. Please add credits or upgrade.
          """)
  void when_its_account_is_refused_the_tenant_is_told_so(
      int said, String type, int status, String message) {
    bedrock.byDefault(Bedrock.error(said, type, "no"));
    store("acme", KEYS + "}");

    for (String fields : new String[] {"", "\"stream\":true,"}) {
      Answer answer = tenancy.chat("acme", HAIKU, fields);

      assertThat(answer.status()).as(answer.text()).isEqualTo(status);
      assertThat(answer.json().at("/error/message").asText()).isEqualTo(message);
    }
  }

  private GatewayUnderTest withPlatformKeys() {
    Map<String, String> settings = new HashMap<>(KeyBringers.settings());
    settings.put("serai.providers.bedrock.api-key", "AKIAOFTHEPLATFORM1");
    settings.put("serai.providers.bedrock.secret-key", "secret-of-the-platform");
    gateway = GatewayUnderTest.start(settings);
    tenancy = KeyBringers.of(gateway);
    return gateway;
  }

  @Test
  void a_role_is_taken_on_by_the_platform_and_its_session_kept() {
    try (GatewayUnderTest own = withPlatformKeys()) {
      bedrock = own.provider();
      bedrock.byDefault(Bedrock.says("hello"));
      store(
          "acme",
          "{\"role_arn\":\"" + ROLE + "\",\"external_id\":\"x-acme\",\"region\":\"us-west-2\"}");

      assertThat(tenancy.chat("acme", HAIKU).content()).isEqualTo("hello");
      assertThat(tenancy.chat("acme", HAIKU).content()).isEqualTo("hello");
      assertThat(tenancy.chat("trial", HAIKU).content()).isEqualTo("hello");

      assertThat(sts.log())
          .containsExactly("AssumeRole " + ROLE + " x-acme by AKIAOFTHEPLATFORM1 in eu-central-1");
      Call call = bedrock.calls().getFirst();
      assertThat(call.header("authorization")).contains("Credential=ASIAROLE1/", "/us-west-2/");
      assertThat(call.header("x-amz-security-token")).isEqualTo("role-token");
      assertThat(signature(1)).contains("Credential=ASIAROLE1/");
      assertThat(signature(2)).contains("Credential=AKIAOFTHEPLATFORM1/", "/eu-central-1/");
    }
  }

  @Test
  void a_session_that_is_about_to_end_is_renewed() {
    sts.sessions(Duration.ofSeconds(30));
    try (GatewayUnderTest own = withPlatformKeys()) {
      bedrock = own.provider();
      bedrock.byDefault(Bedrock.says("hello"));
      store("acme", "{\"role_arn\":\"" + ROLE + "\"}");

      tenancy.chat("acme", HAIKU);
      tenancy.chat("acme", HAIKU);

      assertThat(sts.log()).hasSize(2);
    }
  }

  @Test
  void a_role_that_may_not_be_taken_on_is_the_tenants_own_matter_and_opens_no_breaker() {
    sts.refuse("AccessDenied");
    try (GatewayUnderTest own = withPlatformKeys()) {
      bedrock = own.provider();
      bedrock.byDefault(Bedrock.says("hello"));
      store("acme", "{\"role_arn\":\"" + ROLE + "\"}");

      for (String fields : new String[] {"", "\"stream\":true,"}) {
        Answer answer = tenancy.chat("acme", HAIKU, fields);

        answer.isError(401, "invalid_api_key");
        assertThat(answer.text())
            .contains("Your AWS Bedrock API key is not allowed to make this call.")
            .doesNotContain("arn:aws:iam::999");
      }
      assertThat(bedrock.calls()).isEmpty();
      assertThat(tenancy.chat("trial", HAIKU).content()).isEqualTo("hello");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"role_arn\":\"arn:aws:iam::123456789012:role/serai\"}",
        "{\"api_key\":\"sk-1\"}",
        "{\"access_key_id\":\"AKIA1\"}",
        "{\"secret_access_key\":\"s\"}",
        "{\"access_key_id\":\"AK IA\",\"secret_access_key\":\"s\"}",
        "{\"access_key_id\":\"AKIA1\",\"secret_access_key\":\"s\",\"region\":\"evil.com/\"}",
        "{\"access_key_id\":\"AKIA1\",\"secret_access_key\":\"s\",\"role_arn\":\"r\"}",
        "{\"access_key_id\":\"AKIA1\",\"secret_access_key\":7}",
        "{}",
      })
  void what_is_no_aws_credential_is_refused(String json) {
    tenancy.put("acme", "bedrock", json).isError(400, "invalid_request_error");
    assertThat(tenancy.list("acme").json().path("data")).isEmpty();
  }
}
