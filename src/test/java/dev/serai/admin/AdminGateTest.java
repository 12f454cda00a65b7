package dev.serai.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.SecretSource;
import dev.serai.chat.ApiException;
import dev.serai.oidc.OidcProperties;
import dev.serai.oidc.TokenVerifier;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class AdminGateTest {
  private static final String PATH = "/admin/v1/usage";

  private final AdminGate gate = gate(" secret ");

  private static AdminGate gate(String key) {
    OidcProperties oidc = new OidcProperties("", "", "", "", "");
    return new AdminGate(
        new Binder(new MapConfigurationPropertySource(Map.of("serai.admin-key", key)))
            .bindOrCreate("serai", GatewayProperties.class),
        SecretSource.LITERAL,
        oidc,
        new TokenVerifier(oidc, Clock.systemUTC()),
        new AdminLimits(new AdminProperties(100, 100, 100)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer secret", "bearer  secret "})
  void lets_the_key_in(String header) {
    assertThat(gate.preHandle(request(header), new MockHttpServletResponse(), this)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "secret", "Bearer ", "Bearer wrong", "Basic secret", "Bearer secre"})
  void refuses_any_other(String header) {
    assertThat(refusal(gate, header).error().code()).isEqualTo("invalid_api_key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer ", "Bearer secret"})
  void is_not_there_without_a_configured_key(String header) {
    assertThat(refusal(gate(" "), header).error().status()).isEqualTo(404);
  }

  @Test
  void wants_a_header() {
    ApiException refusal =
        catchThrowableOfType(
            ApiException.class,
            () ->
                gate.preHandle(
                    new MockHttpServletRequest("GET", PATH), new MockHttpServletResponse(), this));

    assertThat(refusal.error().status()).isEqualTo(401);
  }

  @Test
  void says_who_came() {
    MockHttpServletRequest request = request("Bearer secret");

    gate.preHandle(request, new MockHttpServletResponse(), this);

    assertThat(request.getAttribute(AdminGate.ACTOR)).isEqualTo("admin-key");
  }

  @Test
  void refuses_two_headers_even_if_one_is_right() {
    MockHttpServletRequest request = request("Bearer secret");
    request.addHeader("Authorization", "Bearer wrong");

    ApiException refusal =
        catchThrowableOfType(
            ApiException.class, () -> gate.preHandle(request, new MockHttpServletResponse(), this));

    assertThat(refusal.error().code()).isEqualTo("invalid_api_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/v1",
        "/admin/v1/",
        "/admin/v1/usage/",
        "/admin//v1/usage",
        "/admin/v1//usage",
        "/admin;x=1/v1/usage",
        "/admin/v1/usage;x=1",
        "/admin/v1/../v1/usage",
        "/admin/v1/./usage",
        "/admin/v1/tenants%2Facme",
        "/admin/v1/tenants%2facme",
        "/admin/v1/%2e%2e/usage",
        "/admin/v1/a%5Cb",
        "/admin/v1/a%252Fb",
        "/admin/v1/a%00b",
        "/%61dmin/v1/usage",
        "/Admin/v1/usage"
      })
  void knows_no_path_that_could_be_read_in_two_ways(String path) {
    MockHttpServletRequest request = request("Bearer secret");
    request.setRequestURI(path);

    ApiException refusal =
        catchThrowableOfType(
            ApiException.class, () -> gate.preHandle(request, new MockHttpServletResponse(), this));

    assertThat(refusal.error().status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/admin/v1/tenants/a.b_c-d",
        "/admin/v1/limits/role/two%20words",
        "/admin/v1/tenants/acme/credentials/openai",
        "/admin/v1/tenants/..."
      })
  void knows_plain_paths(String path) {
    MockHttpServletRequest request = request("Bearer secret");
    request.setRequestURI(path);

    assertThat(gate.preHandle(request, new MockHttpServletResponse(), this)).isTrue();
  }

  private ApiException refusal(AdminGate asked, String header) {
    return catchThrowableOfType(
        ApiException.class,
        () -> asked.preHandle(request(header), new MockHttpServletResponse(), this));
  }

  private static MockHttpServletRequest request(String authorization) {
    MockHttpServletRequest request = new MockHttpServletRequest("GET", PATH);
    request.addHeader("Authorization", authorization);
    return request;
  }
}
