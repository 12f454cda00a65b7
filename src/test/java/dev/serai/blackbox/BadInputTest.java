package dev.serai.blackbox;

import static dev.serai.blackbox.GatewayUnderTest.KEY;
import static dev.serai.blackbox.GatewayUnderTest.ask;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.provider.Behaviour;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each kind of nonsense gets the contract's error; nothing is called, billed or lost. */
class BadInputTest {
  private static final String CHAT = "/v1/chat/completions";
  private static final int MEGABYTES = 50;

  private final GatewayUnderTest gateway = GatewayUnderTest.shared(Map.of());
  private final GatewayUnderTest impatient =
      GatewayUnderTest.shared(Map.of("serai.max-request-time", "600ms"));
  private long rowsBefore;

  @BeforeEach
  void count() {
    rowsBefore = gateway.ledgerSize();
  }

  @AfterEach
  void nothing_was_called_or_billed_and_the_process_is_healthy() {
    assertThat(gateway.provider().calls()).isEmpty();
    assertThat(gateway.second().calls()).isEmpty();
    assertThat(gateway.ledgerSize()).isEqualTo(rowsBefore);
    assertThat(gateway.get("/actuator/health").json().path("status").asText()).isEqualTo("UP");
    assertThat(gateway.chat(ask("still there?")).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "   ",
        "hello",
        "{",
        "[]",
        "null",
        "42",
        "\"text\"",
        "{\"model\":\"openai/gpt-4o-mini\"}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":\"hi\"}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":{}}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[]}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[\"hi\"]}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"content\":\"hi\"}]}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":7,\"content\":\"hi\"}]}",
        "{\"model\":\"openai/gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":7}]}",
        "{\"model\":7,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        "{\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        "{\"temperature\":\"hot\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        "{\"temperature\":NaN,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        "{\"max_tokens\":\"many\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        "{\"tools\":{},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}",
        "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]} and more",
        "{\"model\":\"a\",\"model\":\"b\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
      })
  void refuses_what_is_no_chat_request(String body) {
    Answer answer = gateway.chat(body);

    answer.isError(400, "invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 100_000})
  void refuses_deep_nesting(int depth) {
    Answer answer =
        gateway.chat(ask("hi", "\"metadata\":" + "[".repeat(depth) + "]".repeat(depth)));

    answer.isError(400, "invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-32", "ISO-8859-1"})
  void refuses_what_is_no_utf8(String charset) {
    byte[] body = ask("grüße").getBytes(Charset.forName(charset));

    Answer answer =
        gateway.send(
            gateway
                .request(CHAT, "Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body)));

    answer.isError(400, "invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "multipart/form-data; boundary=x",
        "application/xml",
        "nonsense"
      })
  void refuses_other_content_types(String type) {
    Answer answer =
        gateway.send(
            gateway
                .request(CHAT, "Content-Type", type, "Accept", "text/html")
                .POST(BodyPublishers.ofString(ask("hi"))));

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void refuses_a_body_without_a_content_type() {
    Answer answer = gateway.send(gateway.request(CHAT).POST(BodyPublishers.ofString(ask("hi"))));

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(415);
  }

  @Test
  void refuses_a_request_without_a_body() {
    Answer answer =
        gateway.send(
            gateway
                .request(CHAT, "Content-Type", "application/json")
                .POST(BodyPublishers.noBody()));

    answer.isError(400, "invalid_request_error");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br", "x-unknown"})
  void refuses_a_compressed_body(String encoding) throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(ask("hi").getBytes(UTF_8));
    }

    Answer answer =
        gateway.send(
            gateway
                .request(CHAT, "Content-Type", "application/json", "Content-Encoding", encoding)
                .POST(BodyPublishers.ofByteArray(zipped.toByteArray())));

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-model", "nowhere/gpt-4o", "/", "../../etc/passwd"})
  void does_not_find_an_unknown_model(String model) {
    Answer answer =
        gateway.chat(
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                .formatted(model));

    answer.isError(404, "model_not_found");
  }

  @Test
  void does_not_find_an_unknown_role() {
    Answer answer =
        gateway.chat(
            "{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "x-serai-role", "no-such");

    answer.isError(404, "model_not_found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer sk-wrong", "Bearer ", "Basic c2s6c2s=", "sk-serai-dev", ""})
  void refuses_a_wrong_key(String authorization) throws Exception {
    byte[] body = ask("hi").getBytes(UTF_8);
    String head =
        """
        POST /v1/chat/completions HTTP/1.1
        Content-Type: application/json
        Content-Length: %d
        %s\
        """
            .formatted(
                body.length, authorization.isEmpty() ? "" : "Authorization: " + authorization);

    Answer answer = RawHttp.send(gateway.port(), head, out -> out.write(body));

    answer.isError(401, "invalid_api_key");
    assertThat(answer.text()).doesNotContain("sk-wrong");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,/v1/chat/completions,405",
    "PUT,/v1/chat/completions,405",
    "DELETE,/v1/chat/completions,405",
    "PATCH,/v1/chat/completions,405",
    "POST,/v1/models,405",
    "GET,/v1/nothing,404",
    "POST,/v1/chat/completions/more,404",
    "GET,/nothing,404",
    "GET,/v1/models/no-such-model,404",
    "GET,/v1/models/nowhere/gpt-4o,404",
    "GET,/error,404"
  })
  void refuses_a_wrong_method_or_path_in_json(String method, String path, int status) {
    Answer answer =
        gateway.send(
            gateway
                .request(path, "Accept", "text/html", "Content-Type", "application/json")
                .method(method, BodyPublishers.noBody()));

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 1_000_000})
  void refuses_absurd_headers(int size) throws Exception {
    Answer answer = RawHttp.send(gateway.port(), head("X-Long: " + "a".repeat(size)), out -> {});

    answer.isErrorShaped();
    assertThat(answer.status()).isIn(400, 431);
  }

  @Test
  void refuses_a_line_that_is_no_http() throws Exception {
    Answer answer = RawHttp.send(gateway.port(), "POST /v1/chat completions HTTP/1.1", out -> {});

    answer.isErrorShaped();
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void refuses_a_huge_body_by_its_length() throws Exception {
    String head = head("Content-Length: " + MEGABYTES * 1024L * 1024L);

    Answer answer = RawHttp.send(gateway.port(), head, out -> megabytes(out, false));

    answer.isError(413, "request_too_large");
  }

  @Test
  void refuses_a_huge_body_that_does_not_say_its_length() throws Exception {
    String head = head("Transfer-Encoding: chunked");

    Answer answer = RawHttp.send(gateway.port(), head, out -> megabytes(out, true));

    answer.isError(413, "request_too_large");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-cache", "nostore", "refresh, off", "hit"})
  void refuses_a_wish_for_the_cache_that_it_does_not_know(String wish) {
    Answer answer = gateway.chat(ask("hi"), "x-serai-cache", wish);

    answer.isError(400, "invalid_request_error");
    assertThat(answer.text()).contains("no-store", "refresh", "\"param\":\"x-serai-cache\"");
  }

  @Test
  void gives_up_a_body_that_does_not_arrive() throws Exception {
    Answer silent =
        RawHttp.send(impatient.port(), head("Content-Length: 5000000"), out -> out.flush());
    Answer begun =
        RawHttp.send(impatient.port(), head("Content-Length: 50"), out -> out.write('{'));

    silent.isError(408, "request_timeout");
    begun.isError(408, "request_timeout");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void waits_for_a_provider_longer_than_for_a_body(boolean stream) {
    impatient.provider().byDefault(Behaviour.slow(Duration.ofSeconds(1)));

    Answer answer = impatient.chat(ask("Take your time: " + stream, "\"stream\":" + stream));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).contains(stream ? "data: [DONE]" : "\"usage\"");
  }

  @Test
  void reads_nothing_of_who_presents_no_key() throws Exception {
    String head =
        "POST /v1/chat/completions HTTP/1.1\nContent-Type: application/json\n"
            + "Content-Length: 20000000\nExpect: 100-continue";

    Answer answer = RawHttp.send(gateway.port(), head, out -> {});

    answer.isError(401, "invalid_api_key");
  }

  private static String head(String more) {
    return """
    POST /v1/chat/completions HTTP/1.1
    Authorization: Bearer %s
    Content-Type: application/json
    %s\
    """
        .formatted(KEY, more);
  }

  private static void megabytes(OutputStream out, boolean chunked) throws IOException {
    byte[] start = ask("a").getBytes(UTF_8);
    byte[] megabyte = "a".repeat(1024 * 1024).getBytes(ISO_8859_1);
    System.arraycopy(start, 0, megabyte, 0, start.length - 4);
    for (int i = 0; i < MEGABYTES; i++) {
      if (chunked) {
        out.write("100000\r\n".getBytes(ISO_8859_1));
      }
      out.write(megabyte);
      if (chunked) {
        out.write("\r\n".getBytes(ISO_8859_1));
      }
      megabyte = "a".repeat(1024 * 1024).getBytes(ISO_8859_1);
    }
    if (chunked) {
      out.write("0\r\n\r\n".getBytes(ISO_8859_1));
    }
  }
}
