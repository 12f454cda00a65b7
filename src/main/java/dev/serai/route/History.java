package dev.serai.route;

import dev.serai.chat.ChatMessage;
import dev.serai.ledger.Conversations.Outline;
import java.util.ArrayList;
import java.util.List;

/**
 * A conversation so far.
 *
 * @param prompt the system prompt: the messages with which the latest request that had such began
 * @param talk all messages but system prompts, the earlier ones included
 * @param last the sequence of the last message; 0 when there is none
 */
record History(List<Outline> prompt, List<Outline> talk, long last) {

  static History of(List<Outline> messages) {
    List<Outline> prompt = List.of();
    List<Outline> talk = new ArrayList<>(messages.size());
    List<Outline> leading = new ArrayList<>();
    String request = "";
    boolean head = false;
    for (Outline message : messages) {
      if (!message.requestId().equals(request)) {
        request = message.requestId();
        leading = new ArrayList<>();
        head = true;
      }
      head &= ChatMessage.instructs(message.role());
      if (head) {
        leading.add(message);
        prompt = leading;
      } else {
        talk.add(message);
      }
    }
    return new History(prompt, talk, messages.isEmpty() ? 0 : messages.getLast().sequence());
  }
}
