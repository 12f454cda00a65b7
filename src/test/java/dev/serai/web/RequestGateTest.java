package dev.serai.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.catalog.GatewayProperties;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.mock.web.DelegatingServletInputStream;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

class RequestGateTest {
  private static final String CHAT = "/v1/chat/completions";

  private final RequestGate gate = gate(Map.of("serai.max-request-size", "100B"));
  private final MockHttpServletResponse response = new MockHttpServletResponse();
  private final AtomicReference<byte @Nullable []> passed = new AtomicReference<>();
  private final FilterChain chain =
      (request, answer) ->
          passed.set(RequestGate.body((jakarta.servlet.http.HttpServletRequest) request));

  private static RequestGate gate(Map<String, String> settings) {
    return new RequestGate(
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("serai", GatewayProperties.class));
  }

  @BeforeEach
  void open() {
    becomes(gate, ReadinessState.ACCEPTING_TRAFFIC);
  }

  private static void becomes(RequestGate gate, ReadinessState state) {
    gate.changed(new AvailabilityChangeEvent<>(RequestGateTest.class, state));
  }

  @ParameterizedTest
  @ValueSource(strings = {CHAT, "/v1/models", "/v1/models/openai/gpt-4o", "/health"})
  void turns_requests_away_until_the_routes_are_started(String path) throws Exception {
    RequestGate closed = gate(Map.of());

    closed.doFilter(post(path, "{}"), response, chain);

    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(error().path("code").asText()).isEqualTo("no_target_available");
    assertThat(response.getHeader("Retry-After")).isEqualTo("2");
    assertThat(response.getHeader(RequestGate.REQUEST_ID_HEADER)).startsWith("req-");
    assertThat(passed.get()).isNull();
  }

  @Test
  void turns_requests_away_when_the_gateway_stops() throws Exception {
    becomes(gate, ReadinessState.REFUSING_TRAFFIC);

    gate.doFilter(post(CHAT, "{}"), response, chain);

    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(passed.get()).isNull();
  }

  @Test
  void lets_probes_and_operators_in_at_any_time() throws Exception {
    gate(Map.of()).doFilter(new MockHttpServletRequest("GET", "/actuator/health"), response, chain);

    assertThat(passed.get()).isEmpty();
  }

  @Test
  void takes_in_the_body_and_names_the_request() throws Exception {
    MockHttpServletRequest request = post(CHAT, "{\"a\":1}");

    gate.doFilter(request, response, chain);

    assertThat(passed.get()).isEqualTo("{\"a\":1}".getBytes(UTF_8));
    assertThat(response.getHeader(RequestGate.REQUEST_ID_HEADER))
        .isEqualTo(RequestGate.requestId(request))
        .matches("req-[0-9a-f]{32}");
  }

  @Test
  void takes_a_body_of_unknown_length_up_to_the_limit() throws Exception {
    gate.doFilter(ofUnknownLength("x".repeat(100)), response, chain);

    assertThat(passed.get()).hasSize(100);
  }

  @Test
  void refuses_a_longer_body_whether_it_says_its_length_or_not() throws Exception {
    gate.doFilter(post(CHAT, "x".repeat(101)), response, chain);
    MockHttpServletResponse second = new MockHttpServletResponse();
    gate.doFilter(ofUnknownLength("x".repeat(101)), second, chain);

    assertThat(response.getStatus()).isEqualTo(413);
    assertThat(second.getStatus()).isEqualTo(413);
    assertThat(error().path("code").asText()).isEqualTo("request_too_large");
    assertThat(passed.get()).isNull();
  }

  @Test
  void fails_when_the_body_ends_early() {
    MockHttpServletRequest request =
        new MockHttpServletRequest("POST", CHAT) {
          @Override
          public long getContentLengthLong() {
            return 50;
          }
        };
    request.addHeader("Authorization", "Bearer sk-any");
    request.setContentType("application/json");
    request.setContent("{".getBytes(UTF_8));

    assertThatThrownBy(() -> gate.doFilter(request, response, chain))
        .isInstanceOf(IOException.class);
    assertThat(passed.get()).isNull();
  }

  @Test
  void refuses_what_would_be_too_much_at_the_same_time() throws Exception {
    RequestGate small =
        gate(Map.of("serai.max-request-size", "100B", "serai.max-buffered-size", "60B"));
    becomes(small, ReadinessState.ACCEPTING_TRAFFIC);
    MockHttpServletResponse inner = new MockHttpServletResponse();

    small.doFilter(
        post(CHAT, "x".repeat(90)),
        response,
        (request, answer) -> small.doFilter(post(CHAT, "x".repeat(90)), inner, chain));

    assertThat(inner.getStatus()).isEqualTo(429);
    assertThat(inner.getHeader("Retry-After")).isEqualTo("1");
    small.doFilter(post(CHAT, "x".repeat(90)), new MockHttpServletResponse(), chain);
    assertThat(passed.get()).as("after both are over").hasSize(90);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", "Bearer", "Bearer  ", "Basic c2s6", "sk-any"})
  void reads_no_body_of_who_presents_no_key(@Nullable String authorization) throws Exception {
    MockHttpServletRequest request =
        new MockHttpServletRequest("POST", CHAT) {
          @Override
          public ServletInputStream getInputStream() {
            throw new AssertionError("the body was read");
          }
        };
    request.setContentType("application/json");
    if (authorization != null) {
      request.addHeader("Authorization", authorization);
    }

    gate.doFilter(request, response, chain);

    assertThat(response.getStatus()).isEqualTo(401);
    assertThat(error().path("code").asText()).isEqualTo("invalid_api_key");
    assertThat(passed.get()).isNull();
  }

  @Test
  void gives_a_body_that_stands_still_up() throws Exception {
    MockHttpServletRequest request =
        new MockHttpServletRequest("POST", CHAT) {
          @Override
          public ServletInputStream getInputStream() {
            return new DelegatingServletInputStream(
                new InputStream() {
                  @Override
                  public int read() throws IOException {
                    throw new IOException(new TimeoutException("idle"));
                  }

                  @Override
                  public int read(byte[] bytes, int from, int most) throws IOException {
                    return read();
                  }
                });
          }
        };
    request.addHeader("Authorization", "bearer sk-any");
    request.setContentType("application/json");
    request.setContent("{}".getBytes(UTF_8));

    gate.doFilter(request, response, chain);

    assertThat(response.getStatus()).isEqualTo(408);
    assertThat(error().path("code").asText()).isEqualTo("request_timeout");
    assertThat(passed.get()).isNull();
  }

  @Test
  void makes_json_of_every_error_page() throws Exception {
    gate.doFilter(
        new MockHttpServletRequest("GET", "/nothing"),
        response,
        (request, answer) ->
            ((jakarta.servlet.http.HttpServletResponse) answer).sendError(404, "no <b>such</b>"));

    assertThat(response.getContentType()).isEqualTo("application/json");
    assertThat(error().path("code").asText()).isEqualTo("not_found");
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 405, 406, 408, 413, 415, 418, 500, 503})
  void knows_the_error_of_every_status(int status) {
    assertThat(ErrorPages.error(status).status()).isEqualTo(status);
    assertThat(ErrorPages.error(status).message()).isNotBlank();
  }

  private static MockHttpServletRequest post(String path, String body) {
    MockHttpServletRequest request = new MockHttpServletRequest("POST", path);
    request.addHeader("Authorization", "Bearer sk-any");
    request.setContentType("application/json; charset=utf-8");
    request.setContent(body.getBytes(UTF_8));
    return request;
  }

  private static MockHttpServletRequest ofUnknownLength(String body) {
    MockHttpServletRequest request =
        new MockHttpServletRequest("POST", CHAT) {
          @Override
          public int getContentLength() {
            return -1;
          }

          @Override
          public long getContentLengthLong() {
            return -1;
          }
        };
    request.addHeader("Authorization", "Bearer sk-any");
    request.setContentType("application/json");
    request.setContent(body.getBytes(UTF_8));
    return request;
  }

  private JsonNode error() throws IOException {
    return new ObjectMapper().readTree(response.getContentAsByteArray()).path("error");
  }
}
