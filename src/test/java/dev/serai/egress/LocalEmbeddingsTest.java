package dev.serai.egress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import ai.djl.util.Utils;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.chat.Failure;
import dev.serai.policy.TokenCounter;
import dev.serai.provider.Embedded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The real model, from its Maven artifact. */
class LocalEmbeddingsTest {
  private static final TokenCounter COUNTER = new TokenCounter();
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final LocalEmbeddings LOCAL = new LocalEmbeddings(MiniLm::new, COUNTER);

  @Test
  void alike_texts_get_vectors_that_are_near() {
    JsonNode data =
        answer(
                "[\"The inn has room for forty camels.\",\"Forty camels find a place there.\","
                    + "\"The price of copper fell.\"]")
            .path("data");

    float[] inn = floats(data.path(0));
    assertThat(inn).hasSize(384);
    assertThat(cosine(inn, inn)).isCloseTo(1, within(1e-4));
    assertThat(cosine(inn, floats(data.path(1))))
        .isGreaterThan(cosine(inn, floats(data.path(2))) + 0.3);
    assertThat(data.path(2).path("index").asInt()).isEqualTo(2);
  }

  @Test
  void is_loaded_once_and_by_the_first_request() {
    AtomicInteger loaded = new AtomicInteger();
    try (LocalEmbeddings fresh =
        new LocalEmbeddings(
            () -> {
              loaded.incrementAndGet();
              return new MiniLm();
            },
            COUNTER)) {
      assertThat(loaded).hasValue(0);

      answer(fresh, "{\"input\":\"one\"}", LONG);
      answer(fresh, "{\"input\":\"two\"}", LONG);

      assertThat(loaded).hasValue(1);
    }
  }

  @Test
  void its_tokenizer_does_not_call_home() {
    answer("\"anything\"");

    assertThat(Utils.getEnvOrSystemProperty("OPT_OUT_TRACKING")).isEqualTo("true");
  }

  @Test
  void base64_holds_the_same_numbers() {
    JsonNode item =
        json("{\"input\":\"well\",\"encoding_format\":\"base64\"}").path("data").path(0);

    assertThat(Embedded.decoded(item.path("embedding").asText()))
        .isEqualTo(floats(answer("\"well\"").path("data").path(0)));
  }

  @Test
  void tokens_of_openais_encoding_are_the_text_they_stand_for() {
    JsonNode data = answer("[[15339,1917],[9906]]").path("data");

    assertThat(floats(data.path(0)))
        .isEqualTo(floats(answer("\"hello world\"").path("data").path(0)));
    assertThat(data).hasSize(2);
  }

  @Test
  void the_end_of_a_long_text_counts() {
    String start = "The inn has room for camels. ".repeat(60);

    JsonNode one = answer("\"" + start + "It burned down.\"");
    JsonNode other = answer("\"" + start + "It was sold to a merchant.\"");

    assertThat(floats(one.path("data").path(0))).isNotEqualTo(floats(other.path("data").path(0)));
    assertThat(one.path("usage").path("prompt_tokens").asInt()).isBetween(400, 500);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {"input":" "}                             | input
          {"input":["a","\\n"]}                     | input
          {"input":[[999999999]]}                   | input
          {"input":"a","dimensions":100}            | dimensions
          {"input":"a","encoding_format":"binary"}  | encoding_format
          """)
  void refuses_what_it_cannot_do(String body, String param) {
    Reply.Whole reply = answer(LOCAL, body, LONG);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(read(reply).path("error").path("param").asText()).isEqualTo(param);
  }

  @Test
  void stops_when_the_time_is_over() {
    String texts = "\"a text\",".repeat(5000);
    String many = "{\"input\":[" + texts.substring(0, texts.length() - 1) + "]}";

    UpstreamException outcome =
        catchThrowableOfType(
            UpstreamException.class, () -> answer(LOCAL, many, Duration.ofMillis(50)));

    assertThat(outcome.failure()).isInstanceOf(Failure.Timeout.class);
    assertThat(answer("\"free again\"").path("data")).hasSize(1);
  }

  @Test
  void a_model_that_cannot_be_loaded_is_a_failure_of_the_target() {
    try (LocalEmbeddings broken =
        new LocalEmbeddings(
            () -> {
              throw new UnsatisfiedLinkError("for the test");
            },
            COUNTER)) {
      UpstreamException outcome =
          catchThrowableOfType(
              UpstreamException.class, () -> answer(broken, "{\"input\":\"a\"}", LONG));

      assertThat(outcome.failure()).isEqualTo(new Failure.ServerError(500));
    }
  }

  private static JsonNode answer(String input) {
    return json("{\"input\":" + input + "}");
  }

  private static JsonNode json(String body) {
    Reply.Whole reply = answer(LOCAL, body, LONG);
    assertThat(reply.status()).isEqualTo(200);
    return read(reply);
  }

  private static Reply.Whole answer(LocalEmbeddings model, String body, Duration timeLeft) {
    return (Reply.Whole) model.answer(body.getBytes(UTF_8), "all-MiniLM-L6-v2", timeLeft);
  }

  private static JsonNode read(Reply.Whole reply) {
    try {
      return new ObjectMapper().readTree(reply.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static float[] floats(JsonNode item) {
    float[] vector = new float[item.path("embedding").size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = item.path("embedding").get(i).floatValue();
    }
    return vector;
  }

  private static double cosine(float[] a, float[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += (double) a[i] * b[i];
      aa += (double) a[i] * a[i];
      bb += (double) b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }
}
