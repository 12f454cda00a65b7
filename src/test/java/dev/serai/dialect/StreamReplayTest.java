package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.dialect.EventFacts.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamReplayTest {

  private static final String HEAD =
      "\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":17,\"model\":\"m\","
          + "\"system_fingerprint\":null,\"service_tier\":\"default\",\"provider\":\"P\",";
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"cost\":0.00000010}";
  private static final String TEXT =
      "{"
          + HEAD
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi 😀\","
          + "\"refusal\":null,\"reasoning\":\"why\",\"annotations\":[]},\"logprobs\":{\"content\":"
          + "[{\"token\":\"Hi\",\"logprob\":-0.00001,\"bytes\":[72,105],\"top_logprobs\":[]}],"
          + "\"refusal\":null},\"finish_reason\":\"stop\",\"native_finish_reason\":\"STOP\"}],"
          + USAGE
          + "}";
  private static final String TOOLS =
      "{"
          + HEAD
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,"
          + "\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
          + "\"arguments\":\"{}\"}},{\"id\":\"b\",\"type\":\"function\","
          + "\"function\":{\"name\":\"g\","
          + "\"arguments\":\"\"}}]},\"logprobs\":null,\"finish_reason\":\"tool_calls\"},"
          + "{\"index\":1,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":\"no\","
          + "\"function_call\":{\"name\":\"h\",\"arguments\":\"[]\"}},"
          + "\"finish_reason\":\"function_call\"},"
          + "{\"index\":2,\"message\":{\"role\":\"assistant\",\"content\":\"\"},"
          + "\"finish_reason\":\"length\"}],"
          + USAGE
          + "}";

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static JsonNode whole(String... data) throws Exception {
    List<byte[]> events = new ArrayList<>();
    for (String one : data) {
      events.add(bytes("data: " + one + "\n\n"));
    }
    return Json.TREES.readTree(StreamAssembler.whole(events));
  }

  private static String delta(String delta) {
    return "{\"choices\":[{\"index\":0,\"delta\":" + delta + ",\"finish_reason\":null}]}";
  }

  @ParameterizedTest
  @ValueSource(strings = {TEXT, TOOLS})
  void a_replayed_answer_adds_up_to_itself(String answer) throws Exception {
    List<byte[]> events = StreamReplay.events(bytes(answer), true);

    assertThat(Json.TREES.readTree(StreamAssembler.whole(events)))
        .isEqualTo(Json.TREES.readTree(answer));
  }

  @Test
  void replays_role_content_end_usage_and_done() {
    List<String> events =
        StreamReplay.events(bytes(TEXT), true).stream().map(e -> new String(e, UTF_8)).toList();

    assertThat(events).hasSize(5).allMatch(event -> event.endsWith("\n\n"));
    assertThat(events.subList(0, 4)).allMatch(e -> e.contains("chat.completion.chunk"));
    assertThat(events.get(0)).contains("\"role\":\"assistant\",\"content\":\"\"");
    assertThat(events.get(1)).contains("\"delta\":{\"content\":\"Hi 😀\"}").contains("logprobs");
    assertThat(events.get(2)).contains("\"delta\":{}").contains("\"finish_reason\":\"stop\"");
    assertThat(events.get(3)).contains("\"choices\":[],").contains("\"cost\":1.0E-7");
    assertThat(events.get(4)).isEqualTo("data: [DONE]\n\n");
  }

  @Test
  void replays_no_usage_to_a_caller_that_did_not_ask() {
    List<byte[]> events = StreamReplay.events(bytes(TEXT), false);

    assertThat(events).hasSize(4).noneMatch(event -> new String(event, UTF_8).contains("usage"));
  }

  @Test
  void refuses_to_replay_what_is_no_answer() {
    assertThatThrownBy(() -> StreamReplay.events(bytes("secret"), true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("secret");
  }

  @Test
  void replays_odd_tool_calls_as_they_are() {
    String answer =
        "{\"choices\":[{\"message\":{\"tool_calls\":[7]}},{\"message\":{\"tool_calls\":8}}]}";

    assertThat(StreamReplay.events(bytes(answer), true)).isNotEmpty();
  }

  @Test
  void every_replayed_event_is_read_for_what_it_is() {
    List<Kind> kinds =
        StreamReplay.events(bytes(TOOLS), true).stream().map(e -> EventFacts.of(e).kind()).toList();

    assertThat(kinds).endsWith(Kind.DATA, Kind.DONE).doesNotContain(Kind.ERROR, Kind.COMMENT);
  }

  @Test
  void puts_tool_calls_together_by_their_index() throws Exception {
    JsonNode answer =
        whole(
            delta("{\"role\":\"assistant\",\"content\":\"\"}"),
            delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"f\",\"arguments\":\"\"}}]}"),
            delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"x\"}}]}"),
            delta(
                "{\"tool_calls\":[{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":"
                    + "{\"name\":\"g\",\"arguments\":\"1\"}}]}"),
            delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"\",\"function\":{\"name\":null,"
                    + "\"arguments\":\"\\\":1}\"}}]}"));

    assertThat(answer.at("/choices/0/message"))
        .isEqualTo(
            Json.TREES.readTree(
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                    + "{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                    + "\"arguments\":\"{\\\"x\\\":1}\"}},"
                    + "{\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\","
                    + "\"arguments\":\"1\"}}]}"));
  }

  @Test
  void puts_tool_calls_without_an_index_together_by_their_id() throws Exception {
    JsonNode answer =
        whole(
            delta("{\"tool_calls\":[{\"id\":\"a\",\"function\":{\"arguments\":\"1\"}}]}"),
            delta("{\"tool_calls\":[{\"function\":{\"arguments\":\"2\"}}]}"),
            delta("{\"tool_calls\":[{\"id\":\"b\",\"function\":{\"arguments\":\"3\"}}]}"));

    assertThat(answer.at("/choices/0/message/tool_calls").toString())
        .isEqualTo(
            "[{\"id\":\"a\",\"function\":{\"arguments\":\"12\"}},"
                + "{\"id\":\"b\",\"function\":{\"arguments\":\"3\"}}]");
  }

  @Test
  void puts_text_reasoning_and_logprobs_together() throws Exception {
    JsonNode answer =
        whole(
            "{\"id\":\"\",\"model\":\"\",\"choices\":[],\"prompt_filter_results\":[1]}",
            "{\"id\":\"c\",\"model\":\"m\",\"object\":\"chunk\",\"obfuscation\":\"x\","
                + "\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"w\","
                + "\"content\":\"\\ud83d\","
                + "\"reasoning_details\":[{\"type\":\"t\",\"index\":0,\"text\":\"w\"}]},"
                + "\"logprobs\":{\"content\":[{\"token\":\"a\"}]},\"finish_reason\":null}]}",
            "{\"choices\":[{\"index\":0,\"delta\":{\"reasoning_content\":\"hy\","
                + "\"content\":\"\\ude00\","
                + "\"reasoning_details\":[{\"type\":\"t\",\"index\":0,\"text\":\"hy\","
                + "\"signature\":\"s\"},{\"type\":\"u\",\"index\":0,\"data\":\"d\"}]},"
                + "\"logprobs\":{\"content\":[{\"token\":\"b\"}]},\"finish_reason\":\"stop\"}],"
                + "\"usage\":null}",
            "{\"choices\":[{\"delta\":{\"content\":\"\"},\"message\":{},\"finish_reason\":null}],"
                + "\"usage\":{\"prompt_tokens\":1},\"error\":null}");

    assertThat(answer)
        .isEqualTo(
            Json.TREES.readTree(
                "{\"id\":\"c\",\"model\":\"m\",\"prompt_filter_results\":[1],"
                    + "\"object\":\"chat.completion\",\"error\":null,\"choices\":[{\"index\":0,"
                    + "\"message\":{\"reasoning_content\":\"why\",\"content\":\"😀\","
                    + "\"reasoning_details\":[{\"type\":\"t\",\"index\":0,\"text\":\"why\","
                    + "\"signature\":\"s\"},{\"type\":\"u\",\"index\":0,\"data\":\"d\"}],"
                    + "\"role\":\"assistant\"},\"logprobs\":{\"content\":[{\"token\":\"a\"},"
                    + "{\"token\":\"b\"}]},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":1}}"));
  }

  @Test
  void passes_over_what_is_no_chunk() throws Exception {
    JsonNode answer =
        whole("[DONE]", "rubbish", "7", "{\"a\":1e99999999999}", "{\"choices\":[{\"delta\":7}]}");

    assertThat(answer)
        .isEqualTo(
            Json.TREES.readTree(
                "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
                    + "{\"role\":\"assistant\",\"content\":null},\"finish_reason\":null}]}"));
  }

  @Test
  void passes_over_a_chunk_too_deep_to_be_written() throws Exception {
    String deep = delta("{\"x\":" + "[".repeat(700) + "]".repeat(700) + "}");

    JsonNode answer = whole(delta("{\"content\":\"a\"}"), deep);

    assertThat(answer.at("/choices/0/message").toString())
        .isEqualTo("{\"content\":\"a\",\"role\":\"assistant\"}");
  }

  @Test
  void passes_over_comments() {
    assertThat(StreamAssembler.whole(List.of(bytes(": x\n\n"))))
        .asString(UTF_8)
        .isEqualTo("{\"object\":\"chat.completion\",\"choices\":[]}");
  }
}
