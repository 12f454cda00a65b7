package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.ADMIN_KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody but an operator reaches the admin API, by whatever path, and nobody guesses his key. */
class AdminSecurityTest {
  private static final String USAGE = "/admin/v1/usage";
  private static final Map<String, String> PATIENT =
      Map.of(
          "serai.admin.failures-per-address", "10000", "serai.admin.failures-per-minute", "10000");

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(PATIENT);

  @ParameterizedTest
  @CsvSource({
    "GET,/admin/v1/usage",
    "HEAD,/admin/v1/usage",
    "OPTIONS,/admin/v1/usage",
    "TRACE,/admin/v1/usage",
    "PUT,/admin/v1/usage",
    "DELETE,/admin/v1/cache",
    "GET,/admin/v1/openapi.yaml",
    "GET,/admin//v1/usage",
    "GET,//admin/v1/usage",
    "GET,/admin/v1/usage/",
    "GET,/admin/v1/usage;x=1",
    "GET,/admin;x=1/v1/usage",
    "GET,/;/admin/v1/usage",
    "GET,/admin/v1%2Fusage",
    "GET,/admin%2Fv1/usage",
    "GET,/%61dmin/v1/usage",
    "GET,/admin/v1/%75sage",
    "GET,/v1/../admin/v1/usage",
    "GET,/v1/%2e%2e/admin/v1/usage",
    "GET,/v1/models/../../admin/v1/usage",
    "GET,/admin/v1/usage%00",
    "GET,/admin/v1/usage.json",
    "GET,/ADMIN/v1/usage",
    "GET,/admin/v1/usage?_method=GET&access_token=admin-key-of-the-tests",
    "GET,http://127.0.0.1/admin/v1/usage"
  })
  void tells_strangers_nothing(String method, String path) throws Exception {
    Answer without = raw(method, path, "Accept: */*");
    Answer wrong = raw(method, path, "Authorization: Bearer " + GatewayUnderTest.KEY);
    Answer override =
        raw(
            method,
            path,
            "Authorization: Basic eDp5\nX-Original-URL: /v1/models\nX-Forwarded-For: 127.0.0.1");

    for (Answer answer : new Answer[] {without, wrong, override}) {
      assertThat(answer.status()).as(path).isIn(400, 401, 404, 405);
      assertThat(answer.text()).doesNotContain("\"data\"", "openapi: ", ADMIN_KEY);
      assertThat(answer.header("x-serai-request-id")).isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin//v1/usage",
        "/admin/v1/usage/",
        "/admin/v1/usage;x=1",
        "/admin;x=1/v1/usage",
        "/admin/v1%2Fusage",
        "/%61dmin/v1/usage",
        "/v1/../admin/v1/usage",
        "/admin/v1/./usage"
      })
  void odd_paths_lead_nowhere_with_the_key_either(String path) throws Exception {
    Answer answer = raw("GET", path, "Authorization: Bearer " + ADMIN_KEY);

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(400, 404);
  }

  @Test
  void what_is_no_admin_path_says_the_same_with_and_without_the_key() {
    Answer with = gateway.send(gateway.admin("/admin/v1/nothing"));
    Answer without = gateway.get("/admin/v1/nothing");

    with.isError(404, "not_found");
    assertThat(with.text()).isEqualTo(without.text());
  }

  @Test
  void a_body_is_not_read_before_the_key_is() throws Exception {
    String head =
        "POST /admin/v1/targets/openai/check HTTP/1.1\nContent-Type: application/json\n"
            + "Content-Length: 100000000\nExpect: 100-continue";

    Answer answer = RawHttp.send(gateway.port(), head, out -> {});

    answer.isError(401, "invalid_api_key");
  }

  @Test
  void the_openapi_document_is_there_for_operators() {
    Answer answer = gateway.send(gateway.admin("/admin/v1/openapi.yaml"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("content-type")).isEqualTo("application/yaml");
    assertThat(answer.text()).startsWith("openapi: 3.1").contains("/v1/usage:");
  }

  @Test
  void guesses_are_limited_and_a_right_key_is_not_looked_at_then() {
    try (GatewayUnderTest strict =
        GatewayUnderTest.start(Map.of("serai.admin.failures-per-address", "4"))) {
      for (int i = 0; i < 4; i++) {
        guess(strict, "guess-" + i).isError(401, "invalid_api_key");
      }

      Answer answer = guess(strict, ADMIN_KEY);

      answer.isError(429, "rate_limit_exceeded");
      assertThat(Integer.parseInt(answer.header("retry-after"))).isBetween(1, 60);
      assertThat(strict.get("/v1/models").status()).as("callers do not notice").isEqualTo(200);
    }
  }

  @Test
  void operators_have_a_rate_too() {
    try (GatewayUnderTest slow =
        GatewayUnderTest.start(Map.of("serai.admin.requests-per-minute", "3"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(guess(slow, ADMIN_KEY).status()).isEqualTo(200);
      }

      guess(slow, ADMIN_KEY).isError(429, "rate_limit_exceeded");
    }
  }

  @Test
  void is_not_there_without_a_key() {
    try (GatewayUnderTest off = GatewayUnderTest.start(Map.of("serai.admin-key", ""))) {
      Answer answer = off.send(off.admin(USAGE));

      answer.isError(404, "not_found");
      assertThat(
              off.send(off.admin("/admin/v1/cache").method("DELETE", BodyPublishers.noBody()))
                  .status())
          .isEqualTo(404);
      assertThat(guess(off, "").status()).isEqualTo(404);
    }
  }

  private static Answer guess(GatewayUnderTest asked, String key) {
    return asked.send(asked.request(USAGE).setHeader("Authorization", "Bearer " + key));
  }

  private Answer raw(String method, String path, String header)
      throws IOException, InterruptedException {
    return RawHttp.send(gateway.port(), method + " " + path + " HTTP/1.1\n" + header, out -> {});
  }
}
