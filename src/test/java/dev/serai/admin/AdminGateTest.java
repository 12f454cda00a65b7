package dev.serai.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.catalog.GatewayProperties;
import dev.serai.chat.ApiException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class AdminGateTest {
  private final AdminGate gate = gate(" secret ");

  private static AdminGate gate(String key) {
    return new AdminGate(
        new Binder(new MapConfigurationPropertySource(Map.of("serai.admin-key", key)))
            .bindOrCreate("serai", GatewayProperties.class));
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
                gate.preHandle(new MockHttpServletRequest(), new MockHttpServletResponse(), this));

    assertThat(refusal.error().status()).isEqualTo(401);
  }

  private ApiException refusal(AdminGate asked, String header) {
    return catchThrowableOfType(
        ApiException.class,
        () -> asked.preHandle(request(header), new MockHttpServletResponse(), this));
  }

  private static MockHttpServletRequest request(String authorization) {
    MockHttpServletRequest request = new MockHttpServletRequest();
    request.addHeader("Authorization", authorization);
    return request;
  }
}
