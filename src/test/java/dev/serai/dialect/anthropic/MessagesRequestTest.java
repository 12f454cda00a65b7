package dev.serai.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.ChatReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MessagesRequestTest {
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  private static final String TOOL =
      "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"description\":\"d\","
          + "\"parameters\":{\"type\":\"object\"}},\"cache_control\":{\"type\":\"ephemeral\"}}]";
  private static final String JSON_MODE = "\"response_format\":{\"type\":\"json_object\"}";

  private static MessagesRequest request(String... fields) {
    String body = "{\"model\":\"claude\"," + String.join(",", fields) + "}";
    return MessagesRequest.of(ChatReader.read(body.getBytes(UTF_8)), 4096);
  }

  private static JsonNode json(String... fields) {
    return tree(new String(request(fields).json(), UTF_8));
  }

  private static JsonNode tree(String json) {
    try {
      return Json.TREES.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String messages(String... messages) {
    return "\"messages\":[" + String.join(",", messages) + "]";
  }

  @Test
  void the_simplest_request_says_how_long_the_answer_may_be() {
    assertThat(json(HI))
        .isEqualTo(
            tree(
                """
                {"model":"claude","max_tokens":4096,"messages":[
                  {"role":"user","content":[{"type":"text","text":"hi"}]}]}\
                """));
  }

  @Test
  void what_the_request_says_is_carried_over() {
    assertThat(
            json(
                HI,
                "\"max_completion_tokens\":9,\"stop\":[\"a\",\"b\"],\"temperature\":0.10",
                "\"top_p\":0.9,\"stream\":true,\"stream_options\":{\"include_usage\":true}",
                "\"safety_identifier\":\"hash\",\"top_k\":5,\"seed\":1"))
        .isEqualTo(
            tree(
                """
                {"model":"claude","max_tokens":9,"messages":[
                  {"role":"user","content":[{"type":"text","text":"hi"}]}],
                 "stream":true,"stop_sequences":["a","b"],"temperature":0.10,"top_p":0.9,
                 "metadata":{"user_id":"hash"},"top_k":5}\
                """));
  }

  @Test
  void openais_hottest_is_anthropics() {
    assertThat(json(HI, "\"temperature\":1.7").path("temperature").asInt()).isEqualTo(1);
  }

  @Test
  void instructions_stand_apart_wherever_they_were() {
    JsonNode json =
        json(
            messages(
                "{\"role\":\"system\",\"content\":\"one\",\"cache_control\":{\"type\":\"e\"}}",
                "{\"role\":\"user\",\"content\":\"hi\"}",
                "{\"role\":\"developer\",\"content\":\"two\"}"));

    assertThat(json.path("system"))
        .isEqualTo(
            tree(
                """
                [{"type":"text","text":"one","cache_control":{"type":"e"}},
                 {"type":"text","text":"two"}]\
                """));
    assertThat(json.path("messages")).hasSize(1);
  }

  @Test
  void results_of_parallel_calls_stand_in_one_message_before_what_is_said_next() {
    JsonNode json =
        json(
            messages(
                "{\"role\":\"user\",\"content\":\"hi\"}",
                "{\"role\":\"assistant\",\"content\":\"wait\",\"tool_calls\":["
                    + "{\"id\":\"c1\",\"function\":{\"name\":\"f\",\"arguments\":\"{\\\"a\\\":1}\"}},"
                    + "{\"id\":\"c2\",\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"one\"}",
                "{\"role\":\"tool\",\"tool_call_id\":\"c2\",\"content\":[{\"type\":\"text\","
                    + "\"text\":\"two\",\"cache_control\":{\"type\":\"e\"}}]}",
                "{\"role\":\"user\",\"content\":\"go on\"}"));

    assertThat(json.path("messages"))
        .isEqualTo(
            tree(
                """
                [{"role":"user","content":[{"type":"text","text":"hi"}]},
                 {"role":"assistant","content":[{"type":"text","text":"wait"},
                   {"type":"tool_use","id":"c1","name":"f","input":{"a":1}},
                   {"type":"tool_use","id":"c2","name":"f","input":{}}]},
                 {"role":"user","content":[
                   {"type":"tool_result","tool_use_id":"c1","content":[{"type":"text","text":"one"}]},
                   {"type":"tool_result","tool_use_id":"c2","content":[{"type":"text","text":"two"}],
                    "cache_control":{"type":"e"}},
                   {"type":"text","text":"go on"}]}]\
                """));
  }

  @Test
  void images_and_documents_become_blocks() {
    JsonNode json =
        json(
            messages(
                """
                {"role":"user","content":[
                  {"type":"image_url","image_url":{"url":"data:image/png;base64,iVBORw=="}},
                  {"type":"image_url","image_url":{"url":"https://example.org/a.webp"}},
                  {"type":"file","file":{"filename":"a.pdf",
                    "file_data":"data:application/pdf;base64,JVBERg=="}},
                  {"type":"file","file":{"file_data":"data:text/plain;base64,w6k="}}]}\
                """));

    assertThat(json.at("/messages/0/content"))
        .isEqualTo(
            tree(
                """
                [{"type":"image","source":{"type":"base64","media_type":"image/png",
                  "data":"iVBORw=="}},
                 {"type":"image","source":{"type":"url","url":"https://example.org/a.webp"}},
                 {"type":"document","source":{"type":"base64","media_type":"application/pdf",
                  "data":"JVBERg=="},"title":"a.pdf"},
                 {"type":"document","source":{"type":"text","media_type":"text/plain",
                  "data":"é"}}]\
                """));
  }

  @Test
  void a_jpeg_may_be_called_jpg() {
    String image = "{\"type\":\"image_url\",\"image_url\":\"data:image/jpg;base64,AAAA\"}";

    JsonNode json = json(messages("{\"role\":\"user\",\"content\":[" + image + "]}"));

    assertThat(json.at("/messages/0/content/0/source/media_type").asText()).isEqualTo("image/jpeg");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "user|{\"type\":\"image_url\",\"image_url\":\"data:image/tiff;base64,AAAA\"}|JPEG",
        "user|{\"type\":\"image_url\",\"image_url\":\"http://example.org/a.png\"}|https",
        "user|{\"type\":\"file\",\"file\":{\"file_data\":\"data:text/csv;base64,AAAA\"}}|PDF",
        "system|{\"type\":\"image_url\",\"image_url\":\"https://example.org/a.png\"}|role user"
      })
  void refuses_what_claude_cannot_read_and_says_what_it_can(
      String role, String part, String remedy) {
    String message = "{\"role\":\"" + role + "\",\"content\":[" + part + "]}";

    InvalidRequestException refusal =
        catchThrowableOfType(InvalidRequestException.class, () -> request(messages(message)));

    assertThat(refusal).hasMessageContaining(remedy);
    assertThat(refusal.param()).startsWith("messages[0].content");
    assertThat(refusal.code()).isEqualTo("unsupported_value");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"tool_choice\":\"auto\"|{\"type\":\"auto\"}",
        "\"tool_choice\":\"none\"|{\"type\":\"none\"}",
        "\"tool_choice\":\"required\"|{\"type\":\"any\"}",
        "\"tool_choice\":{\"type\":\"function\",\"function\":{\"name\":\"f\"}}"
            + "|{\"type\":\"tool\",\"name\":\"f\"}",
        "\"parallel_tool_calls\":false|{\"type\":\"auto\",\"disable_parallel_tool_use\":true}",
        "\"parallel_tool_calls\":false,\"tool_choice\":\"required\""
            + "|{\"type\":\"any\",\"disable_parallel_tool_use\":true}"
      })
  void tools_are_chosen_as_the_request_says(String asked, String choice) {
    JsonNode json = json(HI, TOOL, asked);

    assertThat(json.path("tool_choice")).isEqualTo(tree(choice));
    assertThat(json.path("tools"))
        .isEqualTo(
            tree(
                """
                [{"name":"f","description":"d","input_schema":{"type":"object"},
                  "cache_control":{"type":"ephemeral"}}]\
                """));
  }

  @Test
  void without_tools_there_is_no_choice() {
    assertThat(json(HI, "\"tool_choice\":\"none\"").has("tool_choice")).isFalse();
    assertThat(json(HI, TOOL).has("tool_choice")).isFalse();
  }

  @Test
  void an_answer_in_json_is_asked_for_as_a_tool_call() {
    MessagesRequest request =
        request(
            HI,
            "\"response_format\":{\"type\":\"json_schema\",\"json_schema\":{\"name\":\"n\","
                + "\"description\":\"a road\",\"schema\":{\"type\":\"object\"}}}");
    JsonNode json = tree(new String(request.json(), UTF_8));

    String tool = request.answerTool();
    assertThat(tool).isNotNull();
    assertThat(json.at("/tools/0/name").asText()).isEqualTo(tool);
    assertThat(json.at("/tools/0/input_schema")).isEqualTo(tree("{\"type\":\"object\"}"));
    assertThat(json.at("/tools/0/description").asText()).contains("a road");
    assertThat(json.at("/tool_choice/type").asText()).isEqualTo("tool");
    assertThat(json.at("/tool_choice/name").asText()).isEqualTo(tool);
  }

  @Test
  void an_answer_in_json_leaves_the_callers_own_tools_a_chance() {
    String taken = TOOL.replace("\"f\"", "\"answer_in_json\"");
    MessagesRequest request = request(HI, taken, JSON_MODE);

    assertThat(request.answerTool()).isEqualTo("answer_in_json_");
    assertThat(json(HI, taken, JSON_MODE).at("/tool_choice/type").asText()).isEqualTo("any");
    assertThat(request(HI, taken, JSON_MODE, "\"tool_choice\":\"required\"").answerTool()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"reasoning_effort\":\"low\"|1024|4096",
        "\"reasoning_effort\":\"high\",\"max_tokens\":10000|8000|10000",
        "\"reasoning\":{\"max_tokens\":8000}|8000|12096",
        "\"reasoning\":{\"max_tokens\":8000},\"max_tokens\":3000|2999|3000",
        "\"reasoning_effort\":\"low\",\"max_tokens\":1000|0|1000",
        "\"reasoning_effort\":\"none\"|0|4096"
      })
  void reasoning_is_thinking_with_a_budget_within_the_answer(
      String asked, long budget, long maxTokens) {
    JsonNode json = json(HI, asked, "\"temperature\":0.1,\"top_p\":0.5");

    assertThat(json.at("/thinking/budget_tokens").asLong()).isEqualTo(budget);
    assertThat(json.path("max_tokens").asLong()).isEqualTo(maxTokens);
    assertThat(json.has("temperature")).as("thinking has its own").isEqualTo(budget == 0);
    assertThat(json.has("top_p")).isEqualTo(budget == 0);
  }

  @Test
  void thinking_in_anthropics_own_words_goes_through() {
    String own = "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":5000}";
    JsonNode json = json(HI, own, "\"temperature\":0.1", JSON_MODE);

    assertThat(json.at("/thinking/budget_tokens").asInt()).isEqualTo(5000);
    assertThat(json.path("max_tokens").asInt()).isEqualTo(9096);
    assertThat(json.has("temperature")).isFalse();
    assertThat(json.at("/tool_choice/type").asText()).as("nothing is forced").isEqualTo("auto");
  }

  @Test
  void an_answer_that_is_forced_is_given_without_thinking() {
    assertThat(json(HI, JSON_MODE, "\"reasoning_effort\":\"high\"").has("thinking")).isFalse();
  }

  @Test
  void reasoning_that_is_sent_back_goes_on_and_without_it_there_is_none() {
    String call =
        "\"tool_calls\":[{\"id\":\"c\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]";
    String details =
        "\"reasoning_details\":[{\"type\":\"reasoning.text\",\"text\":\"why\","
            + "\"signature\":\"s\"},{\"type\":\"reasoning.encrypted\",\"data\":\"d\"}]";
    String user = "{\"role\":\"user\",\"content\":\"hi\"}";
    String result = "{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"one\"}";
    String effort = "\"reasoning_effort\":\"low\"";

    JsonNode signed =
        json(
            messages(user, "{\"role\":\"assistant\"," + call + "," + details + "}", result),
            effort);
    JsonNode unsigned =
        json(messages(user, "{\"role\":\"assistant\"," + call + "}", result), effort);

    assertThat(signed.has("thinking")).isTrue();
    assertThat(signed.at("/messages/1/content/0"))
        .isEqualTo(tree("{\"type\":\"thinking\",\"thinking\":\"why\",\"signature\":\"s\"}"));
    assertThat(signed.at("/messages/1/content/1"))
        .isEqualTo(tree("{\"type\":\"redacted_thinking\",\"data\":\"d\"}"));
    assertThat(unsigned.has("thinking")).as("Anthropic would refuse it").isFalse();
  }
}
