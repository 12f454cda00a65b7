package dev.serai.chat;

/**
 * One message of a chat, as it was sent.
 *
 * @param role whose it is, such as {@code user}
 * @param json the whole message, its role included, as one JSON object
 */
public record ChatMessage(String role, String json) {

  /** Whether it instructs the model rather than takes part in the talk. */
  public boolean instructs() {
    return instructs(role);
  }

  /** Whether messages of a role instruct the model. */
  public static boolean instructs(String role) {
    return role.equals("system") || role.equals("developer");
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "ChatMessage[" + json.length() + " characters]";
  }
}
