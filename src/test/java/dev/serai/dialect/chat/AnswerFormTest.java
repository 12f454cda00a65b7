package dev.serai.dialect.chat;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.Json;
import dev.serai.dialect.StreamAssembler;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What is written is what the rest of the gateway reads. */
class AnswerFormTest {
  private static final Usage USAGE =
      new Usage(100, 20, 30, 40, 10, 5, null, false).servedAs(ServiceTier.PRIORITY);
  private static final List<ToolCall> CALLS =
      List.of(new ToolCall("c1", "f", Json.TREES.createObjectNode().put("a", 1)));

  @Test
  void a_whole_answer_is_read_back() {
    byte[] json =
        new Completion(
                "id",
                "m",
                7,
                "hi \"you\"",
                "why",
                List.of(),
                CALLS,
                FinishReason.TOOL_CALLS.word(),
                USAGE)
            .json();

    AnswerFacts facts = AnswerFacts.read(json);
    assertThat(facts.usage()).isEqualTo(USAGE);
    assertThat(facts.model()).isEqualTo("m");
    assertThat(facts.complete()).isTrue();
    assertThat(new String(json, UTF_8))
        .contains("\"content\":\"hi \\\"you\\\"\"", "\"arguments\":\"{\\\"a\\\":1}\"");
  }

  @Test
  void a_streamed_answer_adds_up_to_the_whole_one() {
    ChunkWriter out = new ChunkWriter("id", "m", 7);
    Thought thought = new Thought("why", "sig", null);
    List<byte[]> events =
        List.of(
            out.role(),
            out.reasoning(0, "wh"),
            out.reasoning(0, "y"),
            out.thought(0, new Thought(null, "sig", null)),
            out.content("hi "),
            out.content("you"),
            out.toolCall(0, "c1", "f"),
            out.arguments(0, "{\"a\""),
            out.arguments(0, ":1}"),
            out.finish(FinishReason.TOOL_CALLS.word()),
            out.usage(USAGE),
            out.done());
    byte[] whole =
        new Completion("id", "m", 7, "hi you", "why", List.of(thought), CALLS, "tool_calls", USAGE)
            .json();

    JsonNode streamed = json(StreamAssembler.whole(events));
    for (String field :
        List.of("content", "reasoning_content", "reasoning_details", "tool_calls")) {
      JsonNode expected = json(whole).at("/choices/0/message/" + field);
      assertThat(expected.isMissingNode()).as(field).isFalse();
      assertThat(streamed.at("/choices/0/message/" + field)).isEqualTo(expected);
    }
    assertThat(streamed.at("/usage")).isEqualTo(json(whole).at("/usage"));
    EventFacts last = EventFacts.of(events.get(events.size() - 2));
    assertThat(last.usageOnly()).isTrue();
    assertThat(last.usage()).isEqualTo(USAGE);
    assertThat(EventFacts.of(events.getLast()).kind()).isEqualTo(EventFacts.Kind.DONE);
  }

  private static JsonNode json(byte[] bytes) {
    return Objects.requireNonNull(Json.tree(bytes, 0, bytes.length));
  }
}
