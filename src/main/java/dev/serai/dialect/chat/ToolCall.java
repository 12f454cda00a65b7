package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A call that the assistant made.
 *
 * @param id names the call; the tool's message answers it by this
 * @param name the tool
 * @param arguments what it is given
 */
public record ToolCall(String id, String name, ObjectNode arguments) {
  /** Says nothing of the arguments. */
  @Override
  public String toString() {
    return "ToolCall[" + name + "]";
  }
}
