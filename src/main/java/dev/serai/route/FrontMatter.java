package dev.serai.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a prompt file says between two lines {@code ---} at its top. Serai reads the line {@code
 * conversation: <id>} there and takes it out; whatever else stands there belongs to the prompt.
 *
 * @param conversation as it was written; null when there is no such line
 * @param prompt the file without that line, and without the two lines if nothing is left between
 */
record FrontMatter(@Nullable String conversation, String prompt) {

  private static final String FENCE = "---";
  private static final String KEY = "conversation:";

  static FrontMatter of(String text) {
    List<String> lines = text.lines().toList();
    int end = lines.isEmpty() || !fence(lines.getFirst()) ? -1 : end(lines);
    int at = end < 0 ? -1 : key(lines.subList(0, end));
    if (at < 0) {
      return new FrontMatter(null, text);
    }
    String id = lines.get(at).substring(KEY.length()).strip();
    List<String> rest = new ArrayList<>(end == 2 ? List.of() : lines.subList(0, end + 1));
    if (end > 2) {
      rest.remove(at);
    }
    rest.addAll(lines.subList(end + 1, lines.size()));
    String prompt = String.join("\n", rest);
    return new FrontMatter(id, text.endsWith("\n") && !rest.isEmpty() ? prompt + "\n" : prompt);
  }

  private static int end(List<String> lines) {
    for (int i = 1; i < lines.size(); i++) {
      if (fence(lines.get(i))) {
        return i;
      }
    }
    return -1;
  }

  private static int key(List<String> lines) {
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).startsWith(KEY)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean fence(String line) {
    return line.stripTrailing().equals(FENCE);
  }
}
