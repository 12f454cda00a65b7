package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FingerprintTest {

  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  private static String print(String fields) {
    return print(fields, "openai/gpt-4o", null);
  }

  private static String print(String fields, String target, @Nullable BigDecimal temperature) {
    byte[] body = ("{" + MESSAGES + (fields.isEmpty() ? "" : ",") + fields + "}").getBytes(UTF_8);
    return HexFormat.of().formatHex(ChatRequest.parse(body).fingerprint(target, temperature));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"a\":1,\"b\":2 | \"b\": 2 ,\t\"a\":1",
        "\"a\":{\"x\":{\"k\":1,\"l\":[2]},\"b\":3} | \"a\":{\"b\":3,\"x\":{\"l\":[2],\"k\":1}}",
        "\"a\":1 | \"a\":1.0",
        "\"a\":1 | \"a\":1e0",
        "\"a\":100 | \"a\":1E+2",
        "\"a\":0 | \"a\":-0.00",
        "\"a\":12345678901234567890 | \"a\":12345678901234567890.0",
        "\"a\":\"é/\" | \"a\":\"\\u00e9\\/\"",
        "\"a\":\"😀\" | \"a\":\"\\ud83d\\ude00\"",
        "\"\\u0061\":1 | \"a\":1",
        "\"model\":\"rag\" | \"model\":\"gpt-4o\"",
        "\"stream\":true | \"stream\":false",
        "\"stream\":true,\"stream_options\":{\"include_usage\":true} | \"x\":1",
      })
  void does_not_depend_on_how_it_is_written(String one, String other) {
    String also = one.contains("stream_options") ? ",\"x\":1" : "";

    assertThat(print(one + also)).isEqualTo(print(other));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "\"n\":1 | \"n\":2",
        "\"seed\":1 | \"user\":1",
        "\"seed\":1 | \"seed\":2",
        "\"user\":\"a\" | \"user\":\"b\"",
        "\"tool_choice\":\"auto\" | \"x\":1",
        "\"a\":[\"x\",\"y\"] | \"a\":[\"xs\\u0000\\u0000\\u0000\\u0000y\"]",
        "\"a\":1 | \"a\":\"1\"",
        "\"a\":1 | \"a\":-1",
        "\"a\":10 | \"a\":1",
        "\"a\":1.5 | \"a\":15",
        "\"a\":null | \"a\":false",
        "\"a\":null | \"b\":null",
        "\"a\":true | \"a\":\"t\"",
        "\"a\":[1,2] | \"a\":[2,1]",
        "\"a\":[1,2] | \"a\":[12]",
        "\"a\":[[1],2] | \"a\":[[1,2]]",
        "\"a\":[] | \"a\":{}",
        "\"a\":[{},{}] | \"a\":[{}]",
        "\"a\":[\"x\",\"y\"] | \"a\":[\"xs\\u0000\\u0000\\u0000\\u0001y\"]",
        "\"a\":{\"b\":1},\"c\":2 | \"a\":{\"b\":1,\"c\":2}",
        "\"a\":\"\\ud800\" | \"a\":\"\\ud801\"",
        "\"a\":\"\\ud800\" | \"a\":\"?\"",
        "\"a\":1e999999999999 | \"a\":1e999999999998",
        "\"a\":\"x\" | \"a\":\"x \"",
      })
  void depends_on_every_value(String one, String other) {
    assertThat(print(one)).isNotEqualTo(print(other));
  }

  @Test
  void depends_on_the_target() {
    assertThat(print("", "a/m", null)).isNotEqualTo(print("", "b/m", null));
  }

  @Test
  void depends_on_the_order_of_tools() {
    assertThat(print("\"tools\":[{\"a\":1},{\"b\":1}]"))
        .isNotEqualTo(print("\"tools\":[{\"b\":1},{\"a\":1}]"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.7", "0.70", "7e-1"})
  void counts_a_default_temperature_like_one_that_was_sent(String temperature) {
    assertThat(print("", "t", new BigDecimal(temperature)))
        .isEqualTo(print("\"temperature\":0.7", "t", null))
        .isNotEqualTo(print("", "t", null));
  }

  @Test
  void counts_the_temperature_that_was_sent_before_a_default() {
    assertThat(print("\"temperature\":1", "t", new BigDecimal("0.7")))
        .isEqualTo(print("\"temperature\":1.0", "t", null));
  }

  @Test
  void grows_with_what_it_has_to_hold() {
    String many = "\"a\":[" + "\"\\ud800\",".repeat(2000) + "{}" + ",{}".repeat(5000) + "]";

    assertThat(print(many)).hasSize(64).isNotEqualTo(print(many.replaceFirst(",\\{\\}", "")));
  }
}
