package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutputFormatTest {
  private static final OutputFormat PORT =
      schema(
          """
          {"type":"object","properties":{"port":{"type":"string"},"tide":{"$ref":"#/$defs/m"}},
           "required":["port","tide"],"additionalProperties":false,
           "$defs":{"m":{"type":"number","minimum":0}}}
          """);

  @Test
  void an_answer_that_fits_the_schema_is_good() {
    assertThat(PORT.problem(answer("{\"port\":\"Emden\",\"tide\":4.1}"))).isNull();
  }

  @Test
  void every_problem_is_named_with_its_place() {
    assertThat(PORT.problem(answer("{\"tide\":-1,\"x\":1}")))
        .contains("port", "/tide", "minimum", "x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Emden",
        "```json\\n{\"port\":\"Emden\",\"tide\":1}\\n```",
        "{\"port\":\"Emden\",\"tide\":1}{}",
        "{\"port\":\"Emden\",\"tide\":1",
        "[]",
        "null",
        "{\"port\":\"Emden\",\"tide\":1e999999999999}"
      })
  void what_is_not_one_document_of_the_schema_is_not(String output) {
    assertThat(PORT.problem(answer(output))).isNotNull();
  }

  @Test
  void json_mode_wants_an_object() {
    OutputFormat mode = OutputFormat.of("{\"type\":\"json_object\"}");

    assertThat(mode.problem(answer("{}"))).isNull();
    assertThat(mode.problem(answer("[1]"))).contains("object");
  }

  @Test
  void without_a_format_any_document_will_do() {
    assertThat(OutputFormat.of(null).problem(answer("[1]"))).isNull();
    assertThat(OutputFormat.of("{\"type\":\"text\"}").problem(answer("7"))).isNull();
    assertThat(OutputFormat.of(null).problem(answer("seven"))).isNotNull();
  }

  @Test
  void tool_calls_and_refusals_are_no_output() {
    String call = "{\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]}";
    String refusal = "{\"content\":null,\"refusal\":\"No\"}";

    assertThat(PORT.problem(choice(call))).isNull();
    assertThat(PORT.problem(choice(refusal))).isNull();
    assertThat(PORT.problem(choice("{\"content\":null,\"tool_calls\":[]}"))).isNotNull();
    assertThat(PORT.problem("{\"choices\":[]}".getBytes(UTF_8))).isNotNull();
  }

  @Test
  void every_choice_is_checked() {
    String good = "{\"message\":{\"content\":\"{}\"}}";
    String bad = "{\"message\":{\"content\":\"x\"}}";

    assertThat(
            OutputFormat.of("{\"type\":\"json_object\"}")
                .problem(("{\"choices\":[" + good + "," + bad + "]}").getBytes(UTF_8)))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"strin\"}",
        "{\"type\":7}",
        "{\"properties\":[]}",
        "{\"minimum\":\"a\"}",
        "{\"required\":\"port\"}",
        "{\"pattern\":\"(\"}",
        "{\"properties\":{\"a\":{\"pattern\":\"[\"}}}",
        "{\"$ref\":\"#/$defs/none\"}",
        "{\"properties\":{\"a\":{\"$ref\":\"#/$defs/none\"}}}",
        "{\"$ref\":\"http://127.0.0.1:1/schema\"}",
        "{\"$ref\":\"file:///etc/hostname\"}",
        "{\"$ref\":\"classpath:config/tenants.yaml\"}",
        "{\"$ref\":\"classpath:draft/2020-12/schema\"}",
        "{\"$ref\":\"http://json-schema.org/draft-99/none\"}",
        "{\"$schema\":\"http://127.0.0.1:1/dialect\"}",
        "[]",
        "\"x\""
      })
  void what_is_no_schema_is_refused(String schema) {
    assertThatThrownBy(() -> schema(schema))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.param()).isEqualTo("response_format.json_schema.schema"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"type\":\"grammar\"}", "{}", "{\"type\":null}"})
  void a_format_that_cannot_be_checked_is_refused(String format) {
    assertThatThrownBy(() -> OutputFormat.of(format)).isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void an_older_draft_is_understood() {
    OutputFormat old =
        schema(
            """
            {"$schema":"http://json-schema.org/draft-07/schema#",
             "definitions":{"n":{"type":"integer"}},"items":[{"$ref":"#/definitions/n"}]}
            """);

    assertThat(old.problem(answer("[1]"))).isNull();
    assertThat(old.problem(answer("[\"a\"]"))).isNotNull();
  }

  @Test
  void a_schema_may_refer_to_itself() {
    OutputFormat tree = schema("{\"type\":\"object\",\"additionalProperties\":{\"$ref\":\"#\"}}");

    assertThat(tree.problem(answer("{\"a\":{\"b\":{}}}"))).isNull();
    assertThat(tree.problem(answer("{\"a\":{\"b\":1}}"))).isNotNull();
  }

  @Test
  void a_pattern_without_end_is_given_up() {
    OutputFormat evil = schema("{\"pattern\":\"^(a+)+\\\\1c$\"}");

    assertThat(
            assertTimeoutPreemptively(
                Duration.ofSeconds(20), () -> evil.problem(answer("\"" + "a".repeat(60) + "!\""))))
        .contains("too complex");
  }

  @Test
  void references_that_double_at_each_step_are_given_up() {
    StringBuilder defs = new StringBuilder("\"d40\":{\"type\":\"null\"}");
    for (int i = 0; i < 40; i++) {
      String next = "{\"$ref\":\"#/$defs/d" + (i + 1) + "\"}";
      defs.append(",\"d%d\":{\"anyOf\":[%s,%s]}".formatted(i, next, next));
    }
    OutputFormat evil =
        assertTimeoutPreemptively(
            Duration.ofSeconds(20),
            () -> schema("{\"$ref\":\"#/$defs/d0\",\"$defs\":{" + defs + "}}"));

    assertThat(assertTimeoutPreemptively(Duration.ofSeconds(20), () -> evil.problem(answer("1"))))
        .contains("too complex");
  }

  @Test
  void a_reference_to_itself_alone_does_no_harm() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            assertThat(schema("{\"$ref\":\"#\"}").problem(answer("1"))).isNotNull();
          } catch (InvalidRequestException e) {
            assertThat(e.param()).isNotNull();
          }
        });
  }

  private static OutputFormat schema(String schema) {
    return OutputFormat.of(
        "{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"port\",\"schema\":" + schema + "}}");
  }

  private static byte[] answer(String output) {
    return choice("{\"content\":" + TextNode.valueOf(output) + "}");
  }

  private static byte[] choice(String message) {
    return ("{\"choices\":[{\"message\":" + message + "}]}").getBytes(UTF_8);
  }
}
