package dev.serai.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.chat.ChatReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.CacheTTL;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolChoice;

/** Chat requests in OpenAI's form become Converse requests. */
class ConversationTest {
  private static final String ANSWER = "answer_in_json";
  private static final String CLAUDE = "anthropic.claude-sonnet-4-20250514-v1:0";
  private static final String ASK = "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";
  private static final String TOOL =
      """
      {"type":"function","function":{"name":"look","description":"Looks it up",\
      "parameters":{"type":"object","properties":{"x":{"type":"number","minimum":0.10}}}}}\
      """;

  @Test
  void instructions_of_both_roles_stand_apart_from_the_messages() {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"system","content":"Be brief."},{"role":"user","content":"hi"},\
            {"role":"developer","content":"Be kind."}]\
            """);

    assertThat(request.system())
        .extracting(SystemContentBlock::text)
        .containsExactly("Be brief.", "Be kind.");
    assertThat(request.messages()).hasSize(1);
  }

  @Test
  void sides_alternate_whatever_the_caller_sends() {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"user","content":"a"},{"role":"user","content":"b"},\
            {"role":"assistant","content":"c"},{"role":"system","content":"d"},\
            {"role":"assistant","content":""},{"role":"user","content":"e"}]\
            """);

    assertThat(request.messages())
        .extracting(Message::role)
        .containsExactly(ConversationRole.USER, ConversationRole.ASSISTANT, ConversationRole.USER);
    assertThat(request.messages().getFirst().content())
        .extracting(ContentBlock::text)
        .containsExactly("a", "b");
  }

  @Test
  void tool_calls_and_their_results_find_each_other() {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"user","content":"both"},{"role":"assistant","content":null,\
            "tool_calls":[{"id":"t1","type":"function","function":{"name":"look",\
            "arguments":"{\\"x\\":1.50}"}},{"id":"t2","type":"function",\
            "function":{"name":"look","arguments":""}}]},\
            {"role":"tool","tool_call_id":"t1","content":"one"},\
            {"role":"tool","tool_call_id":"t2","content":[{"type":"text","text":"two"}]},\
            {"role":"user","content":"and?"}]\
            """);

    List<ContentBlock> calls = request.messages().get(1).content();
    assertThat(calls).extracting(block -> block.toolUse().toolUseId()).containsExactly("t1", "t2");
    assertThat(calls.getFirst().toolUse().input())
        .isEqualTo(Document.mapBuilder().putNumber("x", "1.50").build());
    List<ContentBlock> results = request.messages().get(2).content();
    assertThat(results).hasSize(3);
    assertThat(results.get(1).toolResult().toolUseId()).isEqualTo("t2");
    assertThat(results.get(1).toolResult().content().getFirst().text()).isEqualTo("two");
    assertThat(results.get(2).text()).isEqualTo("and?");
  }

  @Test
  void a_history_with_tool_calls_names_its_tools_where_the_request_has_none() {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"user","content":"go"},{"role":"assistant",\
            "tool_calls":[{"id":"t1","type":"function","function":{"name":"look",\
            "arguments":"{}"}}]},{"role":"tool","tool_call_id":"t1","content":""}]\
            """);

    assertThat(names(request)).containsExactly("look");
  }

  @ParameterizedTest
  @CsvSource({"png, PNG", "jpeg, JPEG", "jpg, JPEG", "gif, GIF", "webp, WEBP"})
  void images_come_as_bytes(String type, ImageFormat format) {
    ConverseRequest request = request(image("data:image/" + type + ";base64,AQID"));

    ContentBlock block = request.messages().getFirst().content().getFirst();
    assertThat(block.image().format()).isEqualTo(format);
    assertThat(block.image().source().bytes().asByteArray()).containsExactly(1, 2, 3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"data:image/tiff;base64,AQID", "https://example.org/a.png"})
  void images_that_bedrock_cannot_read_are_refused(String url) {
    assertThatThrownBy(() -> request(image(url)))
        .isInstanceOfSatisfying(
            InvalidRequestException.class,
            e -> assertThat(e.param()).isEqualTo("messages[0].content[0].image_url.url"))
        .hasMessageNotContaining("AQID")
        .hasMessageNotContaining("example");
  }

  @Test
  void documents_have_names_that_bedrock_takes_and_each_its_own() {
    String file =
        """
        {"type":"file","file":{"filename":"Q1_report.v2.pdf",\
        "file_data":"data:application/pdf;base64,AQID"}}\
        """;
    ConverseRequest request =
        request("\"messages\":[{\"role\":\"user\",\"content\":[" + file + "," + file + "]}]");

    List<ContentBlock> blocks = request.messages().getFirst().content();
    assertThat(blocks)
        .extracting(block -> block.document().name())
        .containsExactly("Q1 report v2 pdf", "Q1 report v2 pdf 2");
    assertThat(blocks.getFirst().document().format()).isEqualTo(DocumentFormat.PDF);
  }

  @Test
  void a_mark_for_the_cache_becomes_a_cache_point_after_what_is_marked() {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"system","content":[{"type":"text","text":"long",\
            "cache_control":{"type":"ephemeral","ttl":"1h"}}]},{"role":"user","content":\
            [{"type":"text","text":"a","cache_control":{"type":"ephemeral"}},\
            {"type":"text","text":"b"}]}],"tools":[%s]\
            """
                .formatted(
                    TOOL.replaceFirst("\\{", "{\"cache_control\":{\"type\":\"ephemeral\"},")));

    assertThat(request.system().get(1).cachePoint().ttl()).isEqualTo(CacheTTL.VALUE_1_H);
    assertThat(request.messages().getFirst().content())
        .extracting(ContentBlock::type)
        .containsExactly(
            ContentBlock.Type.TEXT, ContentBlock.Type.CACHE_POINT, ContentBlock.Type.TEXT);
    assertThat(request.toolConfig().tools())
        .extracting(Tool::type)
        .containsExactly(Tool.Type.TOOL_SPEC, Tool.Type.CACHE_POINT);
  }

  @Test
  void limits_and_sampling_have_their_places() {
    ConverseRequest request =
        request(
            ASK
                + """
                ,"max_completion_tokens":7,"temperature":0.25,"top_p":0.5,"stop":["|","END"],\
                "top_k":5,"seed":3,"user":"somebody","safety_identifier":"0badcafe"\
                """);

    assertThat(request.inferenceConfig().maxTokens()).isEqualTo(7);
    assertThat(request.inferenceConfig().temperature()).isEqualTo(0.25f);
    assertThat(request.inferenceConfig().topP()).isEqualTo(0.5f);
    assertThat(request.inferenceConfig().stopSequences()).containsExactly("|", "END");
    assertThat(request.additionalModelRequestFields())
        .isEqualTo(Document.mapBuilder().putNumber("top_k", 5).build());
    assertThat(request.requestMetadata()).containsOnlyKeys("user_id").containsValue("0badcafe");
  }

  @Test
  void openais_hottest_is_as_hot_as_converse_takes() {
    assertThat(request(ASK + ",\"temperature\":1.7").inferenceConfig().temperature()).isEqualTo(1f);
  }

  @Test
  void what_was_not_asked_for_is_not_there() {
    ConverseRequest request = request(ASK);

    assertThat(request.hasSystem()).isFalse();
    assertThat(request.inferenceConfig()).isNull();
    assertThat(request.toolConfig()).isNull();
    assertThat(request.additionalModelRequestFields()).isNull();
    assertThat(request.hasRequestMetadata()).isFalse();
    assertThat(request.modelId()).isEqualTo(CLAUDE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"auto\"|AUTO",
        "\"required\"|ANY",
        "{\"type\":\"function\",\"function\":{\"name\":\"look\"}}|TOOL",
      })
  void the_choice_of_tools_is_passed_on(String choice, ToolChoice.Type type) {
    ConverseRequest request = request(ASK + ",\"tools\":[" + TOOL + "],\"tool_choice\":" + choice);

    assertThat(request.toolConfig().toolChoice().type()).isEqualTo(type);
    assertThat(request.toolConfig().tools().getFirst().toolSpec().description())
        .isEqualTo("Looks it up");
  }

  @Test
  void no_tool_is_offered_where_none_may_be_called() {
    ConverseRequest request = request(ASK + ",\"tools\":[" + TOOL + "],\"tool_choice\":\"none\"");

    assertThat(request.toolConfig()).isNull();
  }

  @Test
  void an_answer_in_json_is_the_arguments_of_a_tool_that_must_be_called() {
    ConverseRequest request =
        request(
            ASK
                + """
                ,"response_format":{"type":"json_schema","json_schema":{"name":"a","strict":true,\
                "description":"A city","schema":{"type":"object","required":["city"]}}}\
                """);

    assertThat(names(request)).containsExactly(ANSWER);
    assertThat(request.toolConfig().toolChoice().tool().name()).isEqualTo(ANSWER);
    assertThat(request.toolConfig().tools().getFirst().toolSpec().description())
        .endsWith(" A city");
    assertThat(request.toolConfig().tools().getFirst().toolSpec().inputSchema().json().asMap())
        .containsKeys("type", "required");
  }

  @Test
  void beside_other_tools_any_of_them_will_do() {
    ConverseRequest request =
        request(ASK + ",\"tools\":[" + TOOL + "],\"response_format\":{\"type\":\"json_object\"}");

    assertThat(names(request)).containsExactly("look", ANSWER);
    assertThat(request.toolConfig().toolChoice().type()).isEqualTo(ToolChoice.Type.ANY);
  }

  @Test
  void claude_reasons_within_a_budget_and_samples_as_it_must() {
    ConverseRequest request =
        request(
            ASK
                + """
                ,"reasoning_effort":"low","temperature":0.1,"max_tokens":10000,"tool_choice":"auto"\
                """);

    assertThat(
            Objects.requireNonNull(request.additionalModelRequestFields().asMap().get("thinking"))
                .asMap())
        .containsEntry("budget_tokens", Document.fromNumber(2000))
        .containsEntry("type", Document.fromString("enabled"));
    assertThat(request.inferenceConfig().temperature()).isNull();
    assertThat(request.inferenceConfig().maxTokens()).isEqualTo(10000);
  }

  @Test
  void an_answer_in_json_goes_before_reasoning_because_a_call_can_be_forced_only_without() {
    ConverseRequest request =
        request(
            ASK
                + """
                ,"reasoning_effort":"low","response_format":{"type":"json_object"}\
                """);

    assertThat(request.additionalModelRequestFields()).isNull();
    assertThat(request.toolConfig().toolChoice().tool().name()).isEqualTo(ANSWER);
  }

  @Test
  void a_claude_that_was_told_to_think_is_not_forced() {
    ConverseRequest request =
        request(
            ASK
                + """
                ,"thinking":{"type":"enabled","budget_tokens":2048},"max_tokens":4096,\
                "response_format":{"type":"json_object"}\
                """);

    assertThat(request.additionalModelRequestFields().asMap()).containsOnlyKeys("thinking");
    assertThat(request.toolConfig().toolChoice()).isNull();
  }

  @Test
  void a_caller_that_forces_a_tool_gets_its_call_and_no_answer_yet() {
    String forced =
        ",\"tools\":[%s],\"tool_choice\":\"required\",\"response_format\":{\"type\":\"json_object\"}"
            .formatted(TOOL.replace("\"look\"", "\"answer_in_json\""));

    assertThat(names(request(ASK + forced))).containsExactly(ANSWER);
    assertThat(names(request(ASK + forced.replace("required", "auto"))))
        .containsExactly(ANSWER, ANSWER + "_");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "openai.gpt-oss-120b-1:0, reasoning_effort",
        "us.amazon.nova-2-lite-v1:0, reasoningConfig",
        "meta.llama3-70b-instruct-v1:0, -",
      })
  void other_models_reason_in_their_own_words(String model, String field) {
    Document fields =
        Conversation.of(read(model, ASK + ",\"reasoning_effort\":\"high\""), 4096).additional();

    if (field == null) {
      assertThat(fields).isNull();
    } else {
      assertThat(Objects.requireNonNull(fields).asMap()).containsOnlyKeys(field);
    }
  }

  @Test
  void reasoning_that_was_signed_or_encrypted_goes_back_before_the_rest() {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b",\
            "reasoning_details":[{"type":"reasoning.text","text":"hm","signature":"s"},\
            {"type":"reasoning.encrypted","data":"AQID"},\
            {"type":"reasoning.text","text":"unsigned"}]},{"role":"user","content":"c"}]\
            """);

    List<ContentBlock> blocks = request.messages().get(1).content();
    assertThat(blocks).hasSize(3);
    assertThat(blocks.get(0).reasoningContent().reasoningText().signature()).isEqualTo("s");
    assertThat(blocks.get(1).reasoningContent().redactedContent().asByteArray())
        .containsExactly(1, 2, 3);
    assertThat(blocks.get(2).text()).isEqualTo("b");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gAAAA-_w==", "no base64!", ""})
  void encrypted_reasoning_of_another_provider_is_left_out(String data) {
    ConverseRequest request =
        request(
            """
            "messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b",\
            "reasoning_details":[{"type":"reasoning.encrypted","data":"%s"}]},\
            {"role":"user","content":"c"}]\
            """
                .formatted(data));

    assertThat(request.messages().get(1).content())
        .extracting(ContentBlock::type)
        .containsExactly(ContentBlock.Type.TEXT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ",\"tool_choice\":\"auto\""})
  void one_call_at_a_time_is_asked_of_claude_and_its_choice_said_once(String choice) {
    ConverseRequest request =
        request(ASK + ",\"tools\":[" + TOOL + "],\"parallel_tool_calls\":false" + choice);

    assertThat(request.additionalModelRequestFields().asMap()).containsOnlyKeys("tool_choice");
    assertThat(request.toolConfig().toolChoice()).isNull();
  }

  @Test
  void no_choice_is_sent_without_tools() {
    String none =
        ",\"tools\":[" + TOOL + "],\"tool_choice\":\"none\",\"parallel_tool_calls\":false";

    assertThat(request(ASK + none).additionalModelRequestFields()).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "us.amazon.nova-pro-v1:0, TOOL",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3, TOOL",
        "mistral.mistral-large-2402-v1:0, ANY",
        "us.meta.llama3-3-70b-instruct-v1:0, -",
        "openai.gpt-oss-120b-1:0, -",
      })
  void a_model_that_cannot_be_made_to_call_a_tool_is_only_offered_it(
      String model, ToolChoice.@Nullable Type type) {
    String fields = ASK + ",\"response_format\":{\"type\":\"json_object\"}";
    ConverseRequest request = Conversation.of(read(model, fields), 4096).whole().build();

    ToolChoice choice = request.toolConfig().toolChoice();
    assertThat(names(request)).containsExactly(ANSWER);
    assertThat(choice == null ? null : choice.type()).isEqualTo(type);
  }

  @Test
  void the_streamed_request_says_the_same() {
    Conversation conversation =
        Conversation.of(
            read(CLAUDE, ASK + ",\"max_tokens\":5,\"top_k\":1,\"tools\":[" + TOOL + "]"), 4096);

    assertThat(conversation.stream().build().toString().replace("ConverseStreamRequest", ""))
        .isEqualTo(conversation.whole().build().toString().replace("ConverseRequest", ""));
    assertThat(conversation.stream().build().messages())
        .isEqualTo(conversation.whole().build().messages());
  }

  @Test
  void nothing_of_the_content_is_printed() {
    assertThat(Conversation.of(read(CLAUDE, ASK), 4096).toString()).doesNotContain("hi");
  }

  private static List<String> names(ConverseRequest request) {
    return request.toolConfig().tools().stream().map(tool -> tool.toolSpec().name()).toList();
  }

  private static String image(String url) {
    return "\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\",\"image_url\":{\"url\":\""
        + url
        + "\"}}]}]";
  }

  private static ConverseRequest request(String fields) {
    return Conversation.of(read(CLAUDE, fields), 4096).whole().build();
  }

  private static dev.serai.dialect.chat.Prompt read(String model, String fields) {
    String json = "{\"model\":\"" + model + "\"," + fields + "}";
    return ChatReader.read(json.getBytes(StandardCharsets.UTF_8));
  }
}
