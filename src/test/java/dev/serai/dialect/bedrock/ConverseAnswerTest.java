package dev.serai.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.dialect.AnswerFacts;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.CacheDetail;
import software.amazon.awssdk.services.bedrockruntime.model.CacheTTL;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;

/** Whole answers of Converse become OpenAI's. */
class ConverseAnswerTest {
  private static final String ANSWER = "answer_in_json";
  private static final Head HEAD = new Head("chatcmpl-1", "a-model", 1_700_000_000);
  private static final TokenUsage USED =
      TokenUsage.builder().inputTokens(3).outputTokens(5).totalTokens(8).build();

  @Test
  void a_text_is_the_content() throws IOException {
    JsonNode answer = answer(null, StopReason.END_TURN, USED, text("Good"), text(" day"));

    assertThat(answer.at("/object").asText()).isEqualTo("chat.completion");
    assertThat(answer.at("/id").asText()).isEqualTo("chatcmpl-1");
    assertThat(answer.at("/model").asText()).isEqualTo("a-model");
    assertThat(answer.at("/created").asLong()).isEqualTo(1_700_000_000);
    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("Good day");
    assertThat(answer.at("/usage/total_tokens").asLong()).isEqualTo(8);
  }

  @Test
  void tool_calls_keep_ids_order_and_numbers() throws IOException {
    JsonNode answer =
        answer(
            null,
            StopReason.TOOL_USE,
            USED,
            text("Looking"),
            use("t1", "look", Document.mapBuilder().putNumber("x", "1.50").build()),
            use("t2", "look", Document.mapBuilder().putString("y", "z").build()));

    JsonNode calls = answer.at("/choices/0/message/tool_calls");
    assertThat(calls.at("/0/id").asText()).isEqualTo("t1");
    assertThat(calls.at("/0/function/arguments").asText()).isEqualTo("{\"x\":1.50}");
    assertThat(calls.at("/1/function/arguments").asText()).isEqualTo("{\"y\":\"z\"}");
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("tool_calls");
  }

  @Test
  void the_answer_in_json_is_content_and_nothing_else() throws IOException {
    JsonNode answer =
        answer(
            ANSWER,
            StopReason.TOOL_USE,
            USED,
            text("Here you are:"),
            use("t1", ANSWER, Document.mapBuilder().putNumber("a", 1).putNull("b").build()));

    assertThat(answer.at("/choices/0/message/content").asText()).isEqualTo("{\"a\":1,\"b\":null}");
    assertThat(answer.at("/choices/0/message").has("tool_calls")).isFalse();
    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo("stop");
  }

  @Test
  void reasoning_can_be_read_and_sent_back() throws IOException {
    JsonNode answer =
        answer(
            null,
            StopReason.END_TURN,
            USED,
            ContentBlock.fromReasoningContent(
                block -> block.reasoningText(text -> text.text("hm").signature("s"))),
            ContentBlock.fromReasoningContent(
                block -> block.redactedContent(SdkBytes.fromByteArray(new byte[] {1, 2, 3}))),
            text("so"));

    JsonNode message = answer.at("/choices/0/message");
    assertThat(message.path("reasoning_content").asText()).isEqualTo("hm");
    assertThat(message.at("/reasoning_details/0/signature").asText()).isEqualTo("s");
    assertThat(message.at("/reasoning_details/1/data").asText()).isEqualTo("AQID");
    assertThat(message.path("content").asText()).isEqualTo("so");
  }

  @ParameterizedTest
  @CsvSource({
    "END_TURN, stop",
    "STOP_SEQUENCE, stop",
    "TOOL_USE, stop",
    "MAX_TOKENS, length",
    "MODEL_CONTEXT_WINDOW_EXCEEDED, length",
    "GUARDRAIL_INTERVENED, content_filter",
    "CONTENT_FILTERED, content_filter",
    "MALFORMED_MODEL_OUTPUT, content_filter",
    "UNKNOWN_TO_SDK_VERSION, stop",
  })
  void every_end_has_its_word(StopReason reason, String expected) throws IOException {
    JsonNode answer = answer(null, reason, USED, text("x"));

    assertThat(answer.at("/choices/0/finish_reason").asText()).isEqualTo(expected);
  }

  @Test
  void cached_tokens_count_as_input_too() throws IOException {
    TokenUsage usage =
        TokenUsage.builder()
            .inputTokens(2)
            .outputTokens(5)
            .totalTokens(1329)
            .cacheReadInputTokens(300)
            .cacheWriteInputTokens(1022)
            .cacheDetails(
                CacheDetail.builder().ttl(CacheTTL.VALUE_1_H).inputTokens(22).build(),
                CacheDetail.builder().ttl(CacheTTL.VALUE_5_M).inputTokens(1000).build())
            .build();

    dev.serai.chat.Usage read =
        Objects.requireNonNull(
            AnswerFacts.read(json(null, StopReason.END_TURN, usage, text("x"))).usage());

    assertThat(read.inputTokens()).isEqualTo(1324);
    assertThat(read.cacheReadInputTokens()).isEqualTo(300);
    assertThat(read.cacheWriteInputTokens()).isEqualTo(1022);
    assertThat(read.cacheWriteHourInputTokens()).isEqualTo(22);
    assertThat(read.outputTokens()).isEqualTo(5);
  }

  @Test
  void without_usage_there_is_none() throws IOException {
    assertThat(answer(null, StopReason.END_TURN, null, text("x")).has("usage")).isFalse();
  }

  @Test
  void an_empty_answer_is_an_empty_text() throws IOException {
    JsonNode answer = answer(null, StopReason.END_TURN, USED);

    assertThat(answer.at("/choices/0/message/content").textValue()).isEmpty();
  }

  private static ContentBlock text(String text) {
    return ContentBlock.fromText(text);
  }

  private static ContentBlock use(String id, String name, Document input) {
    return ContentBlock.fromToolUse(use -> use.toolUseId(id).name(name).input(input));
  }

  private static JsonNode answer(
      @Nullable String tool, StopReason reason, @Nullable TokenUsage usage, ContentBlock... blocks)
      throws IOException {
    return new ObjectMapper().readTree(json(tool, reason, usage, blocks));
  }

  private static byte[] json(
      @Nullable String tool,
      StopReason reason,
      @Nullable TokenUsage usage,
      ContentBlock... blocks) {
    return ConverseAnswer.json(
        HEAD, tool, Message.builder().content(blocks).build(), reason, usage);
  }
}
