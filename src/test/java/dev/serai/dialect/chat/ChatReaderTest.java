package dev.serai.dialect.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.chat.Message.Role;
import java.math.BigDecimal;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatReaderTest {

  private static Prompt read(String fields) {
    return ChatReader.read(("{" + fields + "}").getBytes(UTF_8));
  }

  private static Prompt content(String parts) {
    return read("\"messages\":[{\"role\":\"user\",\"content\":" + parts + "}]");
  }

  @Test
  void reads_who_said_what_in_order() {
    Prompt prompt =
        read(
            """
            "model":"m","messages":[
              {"role":"system","content":"be brief"},
              {"role":"developer","content":[{"type":"text","text":"be kind"}]},
              {"role":"user","content":"hello"},
              {"role":"assistant","content":null,"tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{\\"a\\":1}"}},
                {"id":"c2","type":"function","function":{"name":"g","arguments":""}}]},
              {"role":"tool","tool_call_id":"c1","content":"one"}]\
            """);

    assertThat(prompt.messages())
        .extracting(Message::role)
        .containsExactly(Role.SYSTEM, Role.SYSTEM, Role.USER, Role.ASSISTANT, Role.TOOL);
    Message assistant = prompt.messages().get(3);
    assertThat(assistant.parts()).isEmpty();
    assertThat(assistant.toolCalls()).extracting(ToolCall::name).containsExactly("f", "g");
    assertThat(assistant.toolCalls().getFirst().arguments()).hasToString("{\"a\":1}");
    assertThat(assistant.toolCalls().get(1).arguments()).isEmpty();
    assertThat(prompt.messages().get(4).toolCallId()).isEqualTo("c1");
  }

  /** Claude often begins so before it calls a tool, and Anthropic refuses it when it comes back. */
  @Test
  void white_space_alone_says_nothing() {
    Prompt prompt =
        read(
            """
            "messages":[{"role":"assistant","content":"\\n\\n","tool_calls":[
                {"id":"c1","type":"function","function":{"name":"f","arguments":"{}"}}]},
              {"role":"user","content":[{"type":"text","text":" "},{"type":"text","text":" a "}]}]\
            """);

    assertThat(prompt.messages().getFirst().parts()).isEmpty();
    assertThat(prompt.messages().getLast().parts())
        .extracting(part -> ((Part.Text) part).text())
        .containsExactly(" a ");
  }

  @Test
  void reads_text_images_and_documents() {
    Prompt prompt =
        content(
            """
            [{"type":"text","text":"look","cache_control":{"type":"ephemeral"}},
             {"type":"text","text":""},
             {"type":"image_url","image_url":{"url":"data:image/PNG;base64,iVBORw=="}},
             {"type":"image_url","image_url":{"url":"https://example.org/a.png"}},
             {"type":"file","file":{"filename":"a.pdf",
               "file_data":"data:application/pdf;base64,JVBERg=="}}]\
            """);

    assertThat(prompt.messages().getFirst().parts())
        .hasSize(4)
        .satisfiesExactly(
            text -> assertThat(text.cacheControl()).hasToString("{\"type\":\"ephemeral\"}"),
            image ->
                assertThat(image)
                    .isEqualTo(
                        new Part.Image(
                            "image/png", "iVBORw==", null, "messages[0].content[2].image_url.url")),
            link -> assertThat(((Part.LinkedImage) link).url()).endsWith("a.png"),
            file -> assertThat(((Part.Document) file).name()).isEqualTo("a.pdf"));
  }

  @Test
  void reads_tools_and_how_they_are_chosen() {
    Prompt prompt =
        read(
            """
            "messages":[],"parallel_tool_calls":false,
            "tool_choice":{"type":"function","function":{"name":"f"}},
            "tools":[{"type":"function","function":{"name":"f","description":"d",
              "parameters":{"type":"object"}}},{"type":"function","function":{"name":"g"}}]\
            """);

    assertThat(prompt.toolChoice()).isEqualTo(new ToolChoice.Named("f"));
    assertThat(prompt.parallelToolCalls()).isFalse();
    assertThat(prompt.tools()).extracting(Tool::name).containsExactly("f", "g");
    assertThat(prompt.tools().get(1).schema())
        .hasToString("{\"type\":\"object\",\"properties\":{}}");
  }

  @Test
  void reads_how_to_answer() {
    Prompt prompt =
        read(
            """
            "messages":[],"stream":true,"stop":"END","temperature":0.1,"top_p":0.9,
            "max_tokens":7,"max_completion_tokens":9,"safety_identifier":"h",
            "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"a":1}}},
            "reasoning_effort":"high","seed":1,"user":"u","top_k":5\
            """);

    assertThat(prompt.stream()).isTrue();
    assertThat(prompt.stop()).containsExactly("END");
    assertThat(prompt.temperature()).isEqualTo(new BigDecimal("0.1"));
    assertThat(prompt.topP()).isEqualTo(new BigDecimal("0.9"));
    assertThat(prompt.maxTokens()).isEqualTo(9);
    assertThat(prompt.endUser()).isEqualTo("h");
    assertThat(prompt.answerFormat())
        .isInstanceOfSatisfying(
            AnswerFormat.Schema.class, schema -> assertThat(schema.name()).isEqualTo("n"));
    assertThat(prompt.reasoning()).isEqualTo(new Reasoning(Reasoning.Effort.HIGH, null));
    assertThat(prompt.rest()).as("what is nobody's of OpenAI's").hasToString("{\"top_k\":5}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"effort\":\"low\"}|true|1024",
        "{\"effort\":\"high\"}|true|8000",
        "{\"max_tokens\":3000}|true|3000",
        "{\"max_tokens\":5}|true|1024",
        "{\"enabled\":true}|true|5000",
        "{\"enabled\":false}|false|1024",
        "{\"effort\":\"none\"}|false|1024"
      })
  void reasoning_is_a_budget_within_the_answer(String asked, boolean wanted, long budget) {
    Prompt prompt = read("\"messages\":[],\"reasoning\":" + asked);
    Reasoning reasoning = Objects.requireNonNull(prompt.reasoning());

    assertThat(reasoning.wanted()).isEqualTo(wanted);
    assertThat(reasoning.budget(wanted && asked.contains("low") ? 4096 : 10_000)).isEqualTo(budget);
  }

  @Test
  void reasoning_that_was_given_out_can_be_sent_back() {
    Thought open = new Thought("why", "sig", null);
    Thought hidden = new Thought(null, null, "blob");
    String details = "[" + ThoughtJson.of(0, open) + "," + ThoughtJson.of(1, hidden) + "]";

    Prompt prompt =
        read(
            "\"messages\":[{\"role\":\"assistant\",\"content\":\"a\",\"reasoning_details\":"
                + details
                + "}]");

    assertThat(prompt.messages().getFirst().thoughts()).containsExactly(open, hidden);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{\"type\":\"input_audio\",\"input_audio\":{}}]|messages[0].content[0]",
        "[{\"type\":\"video_url\"}]|messages[0].content[0].type",
        "[{\"type\":\"file\",\"file\":{\"file_id\":\"f\"}}]|messages[0].content[0].file.file_data",
        "[{\"type\":\"image_url\",\"image_url\":\"ftp://x\"}]|messages[0].content[0].image_url.url",
        "[{\"type\":\"image_url\",\"image_url\":\"data:image/png,x\"}]"
            + "|messages[0].content[0].image_url.url",
        "[{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,ab\"}]"
            + "|messages[0].content[0].image_url.url",
        "[{\"type\":\"image_url\",\"image_url\":\"data:image/png;base64,a!bc\"}]"
            + "|messages[0].content[0].image_url.url"
      })
  void refuses_content_that_it_cannot_read(String parts, String param) {
    assertThat(refusal(() -> content(parts)).param()).isEqualTo(param);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"n\":2|n",
        "\"functions\":[{}]|functions",
        "\"audio\":{}|audio",
        "\"modalities\":[\"text\",\"audio\"]|modalities",
        "\"tool_choice\":\"maybe\"|tool_choice",
        "\"tools\":[{\"type\":\"custom\"}]|tools[0].type",
        "\"tools\":[{\"type\":\"function\",\"function\":{}}]|tools[0].function.name",
        "\"response_format\":{\"type\":\"xml\"}|response_format.type",
        "\"response_format\":{\"type\":\"json_schema\"}|response_format.json_schema.schema",
        "\"reasoning_effort\":\"enormous\"|reasoning_effort",
        "\"stop\":[1]|stop",
        "\"messages\":[{\"role\":\"function\",\"content\":\"x\"}]|messages[0].role",
        "\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]|messages[0].tool_call_id",
        "\"messages\":[{\"role\":\"assistant\",\"tool_calls\":[{\"id\":\"c\",\"function\":"
            + "{\"name\":\"f\",\"arguments\":\"{\"}}]}]"
            + "|messages[0].tool_calls[0].function.arguments"
      })
  void refuses_what_it_cannot_carry_over(String field, String param) {
    InvalidRequestException refusal = refusal(() -> read(field));

    assertThat(refusal.param()).isEqualTo(param);
    assertThat(refusal).hasMessageStartingWith("\"" + param + "\" ");
  }

  @Test
  void refusals_and_records_say_nothing_of_the_content() {
    Prompt prompt = content("[{\"type\":\"text\",\"text\":\"secret\"}]");

    assertThat(prompt).asString().doesNotContain("secret");
    assertThat(prompt.messages()).asString().doesNotContain("secret");
    assertThat(prompt.messages().getFirst().parts()).asString().doesNotContain("secret");
    assertThat(refusal(() -> read("\"tool_choice\":\"secret\""))).hasMessageNotContaining("secret");
  }

  private static InvalidRequestException refusal(Runnable reading) {
    return catchThrowableOfType(InvalidRequestException.class, reading::run);
  }
}
