package dev.serai.policy;

import java.util.List;

/**
 * Which messages of a conversation still go with its next request. A turn begins with a user's
 * message and holds what follows up to the next one: answers, tool calls and their results.
 */
public final class Turns {

  private Turns() {}

  /**
   * What counts of an earlier message.
   *
   * @param tokens input tokens that it adds to a request
   * @param bytes its length as JSON in UTF-8
   */
  public record Earlier(String role, long tokens, long bytes) {}

  /**
   * Leaves out the oldest turns, and what stands before the first one.
   *
   * @param messages from the oldest on, without the system prompt
   * @param unfinished the request goes on with the last turn, as tool results do: that turn stays,
   *     whatever its size
   * @param tokens room for the messages that stay; may be negative
   * @param bytes the same in bytes
   * @return the index of the first message that stays; the list's size when none does
   */
  public static int firstKept(List<Earlier> messages, boolean unfinished, long tokens, long bytes) {
    long tokensLeft = tokens;
    long bytesLeft = bytes;
    int kept = messages.size();
    for (int i = messages.size() - 1; i >= 0; i--) {
      tokensLeft -= messages.get(i).tokens();
      bytesLeft -= messages.get(i).bytes();
      if (begins(messages, i)) {
        boolean last = kept == messages.size();
        if ((tokensLeft < 0 || bytesLeft < 0) && !(last && unfinished)) {
          return kept;
        }
        kept = i;
      }
    }
    return kept;
  }

  private static boolean begins(List<Earlier> messages, int i) {
    String role = messages.get(i).role();
    if (i == 0) {
      return !role.equals("tool") && !role.equals("function");
    }
    return role.equals("user") && !messages.get(i - 1).role().equals("user");
  }
}
