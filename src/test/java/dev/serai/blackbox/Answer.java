package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A whole HTTP answer of the gateway.
 *
 * @param headers names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, Map<String, String> headers, byte[] body) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Answer {
    TestKeys.scan("its headers", headers.toString().getBytes(StandardCharsets.UTF_8));
    TestKeys.scan("an answer", body);
  }

  static Answer of(HttpResponse<byte[]> response) {
    Map<String, String> headers = new TreeMap<>();
    response
        .headers()
        .map()
        .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), join(values)));
    return new Answer(response.statusCode(), headers, response.body());
  }

  private static String join(List<String> values) {
    return String.join(", ", values);
  }

  /** The header's value, or an empty text. */
  String header(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, "");
  }

  String requestId() {
    String id = header("x-serai-request-id");
    assertThat(id).as("x-serai-request-id").isNotEmpty();
    return id;
  }

  String cache() {
    return header("x-serai-cache");
  }

  JsonNode json() {
    try {
      return JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException(text(), e);
    }
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /** What the first choice says. */
  String content() {
    return json().path("choices").path(0).path("message").path("content").asText();
  }

  /** The error's code, or its type where it has none. */
  String errorCode() {
    JsonNode error = json().path("error");
    return error.path("code").isTextual()
        ? error.path("code").asText()
        : error.path("type").asText();
  }

  /** Fails unless this is the contract's error with that status and that code (or type). */
  Answer isError(int expectedStatus, String code) {
    assertThat(status).as(text()).isEqualTo(expectedStatus);
    isErrorShaped();
    JsonNode error = json().path("error");
    assertThat(List.of(error.path("type").asText(), error.path("code").asText()))
        .as("type and code")
        .contains(code);
    return this;
  }

  /** Fails unless this is JSON with OpenAI's error object and a request id. */
  Answer isErrorShaped() {
    assertThat(header("content-type")).startsWith("application/json");
    JsonNode error = json().path("error");
    assertThat(error.path("message").asText()).as("message").isNotBlank();
    assertThat(error.has("type") && error.has("param") && error.has("code")).as(text()).isTrue();
    requestId();
    return this;
  }
}
