package dev.serai.route;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.serai.chat.ChatMessage;
import dev.serai.chat.Usage;
import dev.serai.dialect.Answers;
import java.util.List;

/**
 * What a model is told whose answer is not of the format that was asked for.
 *
 * @param answer the whole answer
 * @param problem what is wrong with it
 */
record Correction(byte[] answer, String problem) {

  /** The answer, unless it is empty, and what is wrong with it. */
  List<ChatMessage> messages() {
    String told =
        "Your answer is not valid: "
            + problem
            + "\nAnswer again with nothing but JSON, and correct this.";
    String content = Answers.result(answer, Usage.NONE, null).content();
    return content.isBlank()
        ? List.of(message("user", told))
        : List.of(message("assistant", content), message("user", told));
  }

  private static ChatMessage message(String role, String content) {
    return new ChatMessage(
        role,
        JsonNodeFactory.instance.objectNode().put("role", role).put("content", content).toString());
  }
}
