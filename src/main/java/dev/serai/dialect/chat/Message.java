package dev.serai.dialect.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message.
 *
 * @param role whose it is
 * @param parts what it says, in order; may be empty
 * @param toolCalls the calls that the assistant made; empty for other roles
 * @param toolCallId which call a message of role {@code TOOL} answers; null for other roles
 * @param thoughts the reasoning that led to the assistant's message, as it was given out; empty
 *     where the caller does not send it back
 * @param at where it stands in the request, such as {@code messages[2]}, for errors
 */
public record Message(
    Role role,
    List<Part> parts,
    List<ToolCall> toolCalls,
    @Nullable String toolCallId,
    List<Thought> thoughts,
    String at) {

  /** Whose a message is. */
  public enum Role {
    /** Instructions, be they of role {@code system} or {@code developer}. */
    SYSTEM,
    /** Who asks. */
    USER,
    /** Who answers. */
    ASSISTANT,
    /** What a tool gave back. */
    TOOL
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "Message[" + role + ", " + parts.size() + " parts]";
  }
}
