package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderErrorTest {

  private static ProviderError read(int status, String body) {
    return ProviderError.read(status, body.getBytes(UTF_8));
  }

  @Test
  void reads_openais_shape() {
    assertThat(
            read(
                400,
                "{\"x\":[1],\"error\":{\"message\":\"m\",\"type\":\"t\",\"param\":\"p\","
                    + "\"code\":\"c\",\"metadata\":{\"message\":\"z\"}}}"))
        .isEqualTo(new ProviderError(400, "m", "t", "p", "c", true));
  }

  @Test
  void keeps_a_numeric_code_and_the_http_status() {
    assertThat(read(429, "{\"error\":{\"code\":502,\"message\":\"m\",\"type\":null}}"))
        .isEqualTo(new ProviderError(429, "m", null, null, "502", true));
  }

  @Test
  void reads_an_error_that_is_only_a_text() {
    assertThat(read(500, "{\"error\":\"m\"}"))
        .isEqualTo(new ProviderError(500, "m", null, null, null, false));
  }

  @Test
  void reads_an_error_at_the_top() {
    assertThat(read(400, "{\"object\":\"error\",\"message\":\"m\",\"type\":\"t\",\"code\":400}"))
        .isEqualTo(new ProviderError(400, "m", "t", null, "400", false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "<html>502</html>", "[1]", "{\"error\":", "{}", "{\"error\":[1]}", "\u0000"})
  void knows_only_the_status_of_anything_else(String body) {
    assertThat(read(502, body)).isEqualTo(new ProviderError(502, null, null, null, null, false));
  }

  @ParameterizedTest
  @CsvSource({
    "429,code,insufficient_quota,true",
    "429,type,insufficient_quota,true",
    "400,code,billing_hard_limit_reached,true",
    "429,code,billing_not_active,true",
    "402,code,anything,true",
    "429,code,rate_limit_exceeded,false",
    "429,message,insufficient_quota,false",
  })
  void knows_when_no_credit_is_left(int status, String field, String word, boolean spent) {
    ProviderError error = read(status, "{\"error\":{\"" + field + "\":\"" + word + "\"}}");

    assertThat(error.insufficientQuota()).isEqualTo(spent);
  }

  @Test
  void does_not_say_the_message() {
    assertThat(read(401, "{\"error\":{\"message\":\"bad key sk-1\"}}").toString())
        .contains("401")
        .doesNotContain("sk-1");
  }

  @Test
  void writes_an_error_body() {
    assertThat(ErrorBody.json("say \"é\"\n\ud800", "invalid_request_error", "n", null))
        .asString(UTF_8)
        .isEqualTo(
            "{\"error\":{\"message\":\"say \\\"é\\\"\\n?\",\"type\":\"invalid_request_error\","
                + "\"param\":\"n\",\"code\":null}}");
  }

  @Test
  void writes_an_error_event_that_is_read_as_an_error() {
    byte[] event = ErrorBody.event("m", "t", null, "c");

    assertThat(event).asString(UTF_8).startsWith("data: {").endsWith("}}\n\n");
    assertThat(EventFacts.of(event).error())
        .isEqualTo(new ProviderError(200, "m", "t", null, "c", true));
  }
}
