package dev.serai.route;

import dev.serai.chat.ChatMessage;
import dev.serai.dialect.Answers;
import dev.serai.dialect.ChatRequest;
import dev.serai.ledger.Conversations.Outline;
import dev.serai.ledger.StoredMessage;
import dev.serai.policy.Turns;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** One request of a conversation: what was said before, and what it says itself. */
final class ConversationTurn {

  private final ChatRequest own;
  private final List<ChatMessage> messages;
  private final History history;
  private List<ChatMessage> prompt = List.of();
  private List<StoredMessage> talk = List.of();

  /**
   * Begins a turn.
   *
   * @param own the request as it came
   */
  ConversationTurn(ChatRequest own, History history) {
    this.own = own;
    this.messages = own.messages();
    this.history = history;
  }

  ChatRequest own() {
    return own;
  }

  History history() {
    return history;
  }

  /**
   * Which of the earlier messages go along.
   *
   * @param tokens room beside the request as it came; may be negative
   * @param bytes the same in bytes
   * @return an index of the history's talk; its size when none does
   */
  int firstKept(long tokens, long bytes) {
    List<Outline> kept = bringsPrompt() ? List.of() : history.prompt();
    return Turns.firstKept(
        history.talk().stream()
            .map(message -> new Turns.Earlier(message.role(), message.tokens(), message.bytes()))
            .toList(),
        goesOn(),
        tokens - kept.stream().mapToLong(Outline::tokens).sum(),
        bytes - kept.stream().mapToLong(Outline::bytes).sum());
  }

  /** Keeps the system prompt and, from the first that goes along on, what was read. */
  void loaded(List<StoredMessage> promptRead, List<StoredMessage> read) {
    Set<Long> ofTalk =
        history.talk().stream().map(Outline::sequence).collect(Collectors.toUnmodifiableSet());
    prompt = promptRead.stream().map(StoredMessage::message).toList();
    talk = read.stream().filter(message -> ofTalk.contains(message.sequence())).toList();
  }

  /**
   * The request with the conversation in front of it.
   *
   * @param firstKept index of the first message of the talk that goes along
   * @param reasoning whether what models thought goes along
   */
  ChatRequest request(int firstKept, boolean reasoning) {
    List<ChatMessage> earlier = new ArrayList<>();
    if (!bringsPrompt()) {
      earlier.addAll(prompt);
    }
    if (firstKept < history.talk().size()) {
      long from = history.talk().get(firstKept).sequence();
      for (StoredMessage message : talk) {
        if (message.sequence() >= from) {
          earlier.add(message.message());
        }
      }
    }
    return own.after(
        reasoning ? earlier : earlier.stream().map(Answers::withoutReasoning).toList());
  }

  /** What this turn adds to the conversation, without the answer. */
  List<ChatMessage> added() {
    List<ChatMessage> leading = messages.stream().takeWhile(ChatMessage::instructs).toList();
    return leading.equals(prompt) ? messages.subList(leading.size(), messages.size()) : messages;
  }

  private boolean bringsPrompt() {
    return messages.getFirst().instructs();
  }

  /** Whether it brings results of the last turn's tool calls instead of a new question. */
  private boolean goesOn() {
    return messages.stream()
        .filter(message -> !message.instructs())
        .findFirst()
        .map(message -> !message.role().equals("user"))
        .orElse(false);
  }
}
