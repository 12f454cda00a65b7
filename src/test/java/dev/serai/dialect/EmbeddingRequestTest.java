package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.dialect.EmbeddingRequest.Input;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingRequestTest {
  private static final String MODEL = "\"model\":\"m\"";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "a text"                | a text
          ["one", "tw\\u006f"]    | one;two
          [ 7 , 8 ]               | [7, 8]
          [[7,8],[9]]             | [7, 8];[9]
          ["grüße","\\"quoted\\""] | grüße;"quoted"
          """)
  void reads_every_form_of_input(String input, String expected) {
    EmbeddingRequest request = parse("{\"user\":\"u\",\"input\":" + input + "," + MODEL + "}");

    List<String> found = new ArrayList<>();
    request.forEach(
        each ->
            found.add(
                switch (each) {
                  case Input.Text(String text) -> text;
                  case Input.Tokens(int[] ids) -> Arrays.toString(ids);
                }));

    assertThat(String.join(";", found)).isEqualTo(expected);
    assertThat(request.size()).isEqualTo(found.size());
    assertThat(request.model()).isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {}                                     | input               | missing_required_parameter
          {"input":null}                         | input               | invalid_type
          {"input":7}                            | input               | invalid_type
          {"input":{}}                           | input               | invalid_type
          {"input":""}                           | input               | invalid_value
          {"input":[]}                           | input               | invalid_value
          {"input":["a",""]}                     | input[1]            | invalid_value
          {"input":[[]]}                         | input[0]            | invalid_value
          {"input":[[1],[]]}                     | input[1]            | invalid_value
          {"input":["a",7]}                      | input[1]            | invalid_type
          {"input":["a",["b"]]}                  | input[1]            | invalid_type
          {"input":[7,"a"]}                      | input               | invalid_type
          {"input":[7.5]}                        | input               | invalid_type
          {"input":[-1]}                         | input               | invalid_type
          {"input":[99999999999]}                | input               | invalid_type
          {"input":[[1],["a"]]}                  | input[1]            | invalid_type
          {"input":[true]}                       | input               | invalid_type
          {"input":"a","model":7}                | model               | invalid_type
          {"input":"a","dimensions":"many"}      | dimensions          | invalid_type
          {"input":"a","dimensions":1.5}         | dimensions          | invalid_type
          {"input":"a","encoding_format":7}      | encoding_format     | invalid_type
          """)
  void refuses_what_no_vector_can_be_made_of(String body, String param, String code) {
    InvalidRequestException refusal =
        catchThrowableOfType(InvalidRequestException.class, () -> parse(body));

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal.code()).isEqualTo(code);
  }

  @Test
  void sends_what_came_byte_for_byte_when_nothing_changes() {
    byte[] body = "{ \"input\" : [ \"a\", \"b\" ], \"model\":\"m\" }".getBytes(UTF_8);

    assertThat(EmbeddingRequest.parse(body).forUpstream("m", 0, 2, null)).isSameAs(body);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 2, '{\"x\":[1],\"input\":[ \"a\" , \"b\" ],\"model\":\"M2\",\"user\":\"u\"}'",
    "1, 3, '{\"x\":[1],\"input\":[ \"b\" , \"c\" ],\"model\":\"M2\",\"user\":\"u\"}'",
    "2, 3, '{\"x\":[1],\"input\":[ \"c\" ],\"model\":\"M2\",\"user\":\"u\"}'",
  })
  void a_part_keeps_all_but_the_other_inputs(int from, int to, String expected) {
    EmbeddingRequest request =
        parse(
            "{\"x\":[1],\"input\":[ \"a\" , \"b\" , \"c\""
                + " ],\"model\":\"openai/M2\",\"user\":\"u\"}");

    assertThat(new String(request.forUpstream("M2", from, to, null), UTF_8)).isEqualTo(expected);
  }

  @Test
  void lists_of_tokens_are_parted_between_lists() {
    EmbeddingRequest request = parse("{\"input\":[[1,2],[3],[4,5]]," + MODEL + "}");

    assertThat(new String(request.forUpstream("m", 1, 3, null), UTF_8))
        .isEqualTo("{\"input\":[[3],[4,5]]," + MODEL + "}");
  }

  @Test
  void names_the_model_where_the_request_does_not() {
    assertThat(new String(parse("{\"input\":\"a\"}").forUpstream("m", 0, 1, null), UTF_8))
        .isEqualTo("{\"model\":\"m\",\"input\":\"a\"}");
  }

  @Test
  void the_fingerprint_sees_everything_but_the_form() {
    byte[] print = print("{\"input\":[\"a\",\"b\"],\"dimensions\":8," + MODEL + "}");

    assertThat(print("{ \"dimensions\": 8.0, \"model\":\"x\", \"input\":[\"\\u0061\",\"b\"] }"))
        .isEqualTo(print);
    assertThat(print("{\"input\":[\"b\",\"a\"],\"dimensions\":8," + MODEL + "}"))
        .isNotEqualTo(print);
    assertThat(print("{\"input\":[\"a\",\"b\"],\"dimensions\":9," + MODEL + "}"))
        .isNotEqualTo(print);
  }

  @Test
  void a_chat_of_the_same_bytes_is_something_else() {
    String both = "{\"input\":\"a\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    assertThat(print(both))
        .isNotEqualTo(ChatRequest.parse(both.getBytes(UTF_8)).fingerprint("t/m", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"input\":\"a\"}", "{\"input\":[1],\"model\":\"m\"}"})
  void input_without_messages_is_an_embeddings_request(String body) {
    assertThat(ModelRequest.parse(body.getBytes(UTF_8))).isInstanceOf(EmbeddingRequest.class);
  }

  @Test
  void messages_make_a_chat_request() {
    String body = "{\"input\":{},\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}";

    assertThat(ModelRequest.parse(body.getBytes(UTF_8))).isInstanceOf(ChatRequest.class);
  }

  @Test
  void says_nothing_of_the_content() {
    assertThat(parse("{\"input\":\"secret\"}")).asString().doesNotContain("secret");
  }

  private static byte[] print(String body) {
    return parse(body).fingerprint("t/m", null);
  }

  private static EmbeddingRequest parse(String body) {
    return EmbeddingRequest.parse(body.getBytes(UTF_8));
  }
}
