package dev.serai.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.serai.chat.ChatMessage;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageListTest {
  private static final String USER =
      "{ \"content\" : \"H\u00ef [{\", \"role\":\"user\", \"n\":1.50 }";
  private static final String SYSTEM = "{\"role\":\"system\",\"content\":[{\"type\":\"text\"}]}";
  private static final ChatMessage EARLIER =
      new ChatMessage("assistant", "{\"role\":\"assistant\",\"content\":\"\u00e4\"}");

  @Test
  void messages_are_taken_out_byte_for_byte() {
    assertThat(request(SYSTEM + " , " + USER).messages())
        .containsExactly(new ChatMessage("system", SYSTEM), new ChatMessage("user", USER));
  }

  @Test
  void earlier_messages_stand_behind_the_system_prompt() throws Exception {
    ChatRequest spliced = request(SYSTEM + "," + USER).after(List.of(EARLIER, EARLIER));

    assertThat(text(spliced))
        .isEqualTo(
            "{\"a\":{\"messages\":[]},\"messages\": ["
                + SYSTEM
                + ","
                + EARLIER.json()
                + ","
                + EARLIER.json()
                + ","
                + USER
                + " ] ,\"x\":1}");
    assertThat(spliced.messageCount()).isEqualTo(4);
    assertThat(new ObjectMapper().readTree(text(spliced)).path("messages")).hasSize(4);
  }

  @Test
  void they_stand_behind_all_where_all_instruct() {
    assertThat(request(SYSTEM).after(List.of(EARLIER)).messages())
        .extracting(ChatMessage::role)
        .containsExactly("system", "assistant");
  }

  @Test
  void more_messages_stand_at_the_end() {
    assertThat(request(USER).followedBy(List.of(EARLIER, EARLIER)).messages())
        .extracting(ChatMessage::role)
        .containsExactly("user", "assistant", "assistant");
  }

  @Test
  void no_messages_change_nothing() {
    ChatRequest request = request(USER);

    assertThat(request.after(List.of())).isSameAs(request);
    assertThat(request.followedBy(List.of())).isSameAs(request);
  }

  @Test
  void what_is_no_message_is_refused() {
    assertThatThrownBy(() -> request(USER).after(List.of(new ChatMessage("user", "{}"))))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void an_answers_message_is_as_it_would_be_sent() {
    byte[] answer =
        """
        {"choices":[{"message":{"content":null,"refusal":null,"tool_calls":[{"id":"1"}]}}]}
        """
            .getBytes(UTF_8);

    assertThat(Answers.message(answer))
        .isEqualTo(
            new ChatMessage(
                "assistant",
                "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":[{\"id\":\"1\"}]}"));
  }

  @Test
  void an_answer_without_a_message_that_could_be_sent_has_none() {
    for (String answer :
        List.of("[]", "{}", "{\"choices\":[]}", "{\"choices\":[{\"message\":{\"content\":7}}]}")) {
      assertThat(Answers.message(answer.getBytes(UTF_8))).as(answer).isNull();
    }
  }

  private static ChatRequest request(String messages) {
    return ChatRequest.parse(
        ("{\"a\":{\"messages\":[]},\"messages\": [" + messages + " ] ,\"x\":1}").getBytes(UTF_8));
  }

  private static String text(ChatRequest request) {
    String sent = new String(request.forUpstream("m", false, null), UTF_8);
    return sent.replace("\"model\":\"m\",", "");
  }
}
