package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.KEY;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials of every odd form are told apart from good ones, in JSON, and called by nobody. */
class OddKeysTest {
  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());

  @AfterEach
  void nothing_was_called() {
    assertThat(gateway.provider().calls()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"20000,401", "40000,431", "1000000,431"})
  void refuses_a_long_key(int length, int status) throws Exception {
    Answer answer = send("Authorization: Bearer " + "k".repeat(length));

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(status, 400);
    assertThat(answer.text()).doesNotContain("kkkk").hasSizeLessThan(1000);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "\u0001", "\u007f", "\u001b[31m", "\t", "\u00e9", "\u00ff"})
  void refuses_odd_characters(String odd) throws Exception {
    Answer answer = send("Authorization: Bearer sk-se" + odd + "rai-dev");

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(400, 401);
    assertThat(answer.text()).doesNotContain("sk-se");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Basic c2stc2VyYWktZGV2Og==",
        "Authorization: " + KEY,
        "Authorization: Bearer" + KEY,
        "Authorization: Bearer",
        "Authorization: Bearer  ",
        "Authorization: Token " + KEY,
        "Authorization: Digest username=x",
        "Authorization: Bearer " + KEY + "x",
        "Authorization: Bearer " + KEY + ", Bearer " + KEY,
        "Authorization: Bearer " + KEY + "\nAuthorization: Bearer " + KEY,
        "Authorization: Bearer wrong\nAuthorization: Bearer " + KEY,
        "Authorization: Bearer " + KEY + "\nauthorization: Basic eDp5",
        "Authorization: Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.",
        "Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJ0ZW5hbnQiOiJkZXYifQ.AAAA",
        "api-key: " + KEY,
        "x-api-key: " + KEY,
        "Cookie: Authorization=Bearer " + KEY,
        "Proxy-Authorization: Bearer " + KEY
      })
  void refuses_what_is_not_one_bearer_key(String headers) throws Exception {
    Answer answer = send(headers);

    answer.isError(401, "invalid_api_key");
    assertThat(answer.text()).doesNotContain(KEY, "eyJ");
  }

  @Test
  void every_unknown_key_is_told_the_same() throws Exception {
    Answer one = send("Authorization: Bearer dev");
    Answer other = send("Authorization: Bearer sk-" + "0".repeat(64));
    Answer token = send("Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.eyJ0ZW5hbnQiOiJkZXYifQ.AAAA");

    assertThat(one.text()).isEqualTo(other.text()).isEqualTo(token.text());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bearer ", "BEARER ", "Bearer   ", "bEaReR "})
  void the_scheme_may_be_written_as_one_likes(String scheme) throws Exception {
    Answer answer =
        RawHttp.send(
            gateway.port(), "GET /v1/models HTTP/1.1\nAuthorization: " + scheme + KEY, out -> {});

    assertThat(answer.status()).isEqualTo(200);
  }

  private Answer send(String headers) throws Exception {
    byte[] body = ask("hi").getBytes(UTF_8);
    return RawHttp.send(
        gateway.port(),
        "POST /v1/chat/completions HTTP/1.1\n%s\nContent-Type: application/json\nContent-Length: %d"
            .formatted(headers, body.length),
        out -> out.write(body));
  }
}
