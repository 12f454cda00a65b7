package dev.serai.dialect.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.dialect.EventFacts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStart;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ReasoningContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;

/** The events of a Converse stream become OpenAI's, one by one. */
class ConverseEventsTest {
  private static final String ANSWER = "answer_in_json";
  private final List<byte[]> out = new ArrayList<>();
  private ConverseEvents events = new ConverseEvents(new Head("c-1", "m", 7), null, out::add);

  @Test
  void a_stream_of_text_has_role_texts_reason_usage_and_end() {
    events.add(start());
    events.add(text("a"));
    events.add(ConverseStreamOutput.contentBlockStopBuilder().contentBlockIndex(0).build());
    events.add(text("b"));
    events.add(stop(StopReason.END_TURN));
    events.add(
        ConverseStreamOutput.metadataBuilder()
            .usage(usage -> usage.inputTokens(4).outputTokens(2).cacheReadInputTokens(6))
            .build());

    assertThat(events.end()).isTrue();
    assertThat(deltas())
        .containsExactly(
            "{\"role\":\"assistant\",\"content\":\"\"}",
            "{\"content\":\"a\"}",
            "{\"content\":\"b\"}",
            "{}");
    assertThat(EventFacts.of(out.get(3)).finishReasons()).containsExactly("stop");
    EventFacts usage = EventFacts.of(out.get(4));
    assertThat(usage.usageOnly()).isTrue();
    assertThat(Objects.requireNonNull(usage.usage()).inputTokens()).isEqualTo(10);
    assertThat(EventFacts.of(out.get(5)).kind()).isEqualTo(EventFacts.Kind.DONE);
    assertThat(out).hasSize(6);
  }

  @Test
  void every_event_goes_out_as_it_comes_in() {
    events.add(start());
    assertThat(out).hasSize(1);
    events.add(text("a"));
    assertThat(out).hasSize(2);
  }

  @Test
  void parallel_tool_calls_are_numbered_by_themselves() {
    events.add(start());
    events.add(text("Let me see"));
    events.add(use(1, "t1", "look"));
    events.add(input(1, "{\"a\":"));
    events.add(input(1, "1}"));
    events.add(use(2, "t2", "find"));
    events.add(input(2, "{}"));
    events.add(stop(StopReason.TOOL_USE));

    assertThat(deltas().subList(2, 7))
        .containsExactly(
            call(0, "t1", "look"),
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"a\\\":\"}}]}",
            "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"1}\"}}]}",
            call(1, "t2", "find"),
            "{\"tool_calls\":[{\"index\":1,\"function\":{\"arguments\":\"{}\"}}]}");
    assertThat(EventFacts.of(out.getLast()).finishReasons()).containsExactly("tool_calls");
  }

  @Test
  void an_answer_in_json_comes_as_text_and_what_is_said_around_it_does_not() {
    events = new ConverseEvents(new Head("c-1", "m", 7), ANSWER, out::add);
    events.add(start());
    events.add(text("Sure:"));
    events.add(use(1, "t1", ANSWER));
    events.add(input(1, "{\"a\":"));
    events.add(input(1, "1}"));
    events.add(stop(StopReason.TOOL_USE));

    assertThat(deltas())
        .containsExactly(
            "{\"role\":\"assistant\",\"content\":\"\"}",
            "{\"content\":\"{\\\"a\\\":\"}",
            "{\"content\":\"1}\"}",
            "{}");
    assertThat(EventFacts.of(out.getLast()).finishReasons()).containsExactly("stop");
  }

  @Test
  void where_no_json_came_the_text_is_given_after_all() {
    events = new ConverseEvents(new Head("c-1", "m", 7), ANSWER, out::add);
    events.add(start());
    events.add(text("I would"));
    events.add(text(" rather not"));
    events.add(stop(StopReason.END_TURN));

    assertThat(deltas()).contains("{\"content\":\"I would rather not\"}");
  }

  @Test
  void reasoning_comes_as_text_and_as_what_can_be_sent_back() {
    events.add(start());
    events.add(thought(ReasoningContentBlockDelta.fromText("hm")));
    events.add(thought(ReasoningContentBlockDelta.fromSignature("s")));

    String all = String.join("\n", deltas());
    assertThat(all).contains("\"reasoning_content\":\"hm\"");
    assertThat(all).contains("\"signature\":\"s\"");
  }

  @Test
  void a_call_without_arguments_has_an_empty_object() {
    events.add(start());
    events.add(use(0, "t1", "look"));
    events.add(ConverseStreamOutput.contentBlockStopBuilder().contentBlockIndex(0).build());

    assertThat(deltas().getLast())
        .isEqualTo("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{}\"}}]}");
  }

  @Test
  void a_stream_without_its_own_end_is_not_whole() {
    events.add(start());
    events.add(text("a"));

    assertThat(events.end()).isFalse();
    assertThat(out).noneMatch(event -> new String(event, StandardCharsets.UTF_8).contains("DONE"));
  }

  @Test
  void what_is_not_known_is_passed_over() {
    events.add(ConverseStreamOutput.UNKNOWN);
    events.add(ConverseStreamOutput.contentBlockStartBuilder().contentBlockIndex(0).build());
    events.add(ConverseStreamOutput.contentBlockDeltaBuilder().contentBlockIndex(0).build());
    events.add(input(9, "{}"));

    assertThat(out).isEmpty();
  }

  private static String call(int index, String id, String name) {
    return """
    {"tool_calls":[{"index":%d,"id":"%s","type":"function","function":{"name":"%s",\
    "arguments":""}}]}\
    """
        .formatted(index, id, name);
  }

  private List<String> deltas() {
    return out.stream()
        .map(event -> new String(event, StandardCharsets.UTF_8))
        .filter(event -> event.contains("\"delta\":"))
        .map(
            event ->
                event.substring(
                    event.indexOf("\"delta\":") + 8, event.lastIndexOf(",\"finish_reason\"")))
        .toList();
  }

  private static ConverseStreamOutput start() {
    return ConverseStreamOutput.messageStartBuilder().role("assistant").build();
  }

  private static ConverseStreamOutput text(String text) {
    return delta(0, ContentBlockDelta.fromText(text));
  }

  private static ConverseStreamOutput thought(ReasoningContentBlockDelta delta) {
    return delta(0, ContentBlockDelta.fromReasoningContent(delta));
  }

  private static ConverseStreamOutput use(int block, String id, String name) {
    return ConverseStreamOutput.contentBlockStartBuilder()
        .contentBlockIndex(block)
        .start(ContentBlockStart.fromToolUse(use -> use.toolUseId(id).name(name)))
        .build();
  }

  private static ConverseStreamOutput input(int block, String json) {
    return delta(block, ContentBlockDelta.fromToolUse(use -> use.input(json)));
  }

  private static ConverseStreamOutput delta(int block, ContentBlockDelta delta) {
    return ConverseStreamOutput.contentBlockDeltaBuilder()
        .contentBlockIndex(block)
        .delta(delta)
        .build();
  }

  private static ConverseStreamOutput stop(StopReason reason) {
    return ConverseStreamOutput.messageStopBuilder().stopReason(reason).build();
  }
}
