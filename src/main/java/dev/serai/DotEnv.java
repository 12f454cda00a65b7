package dev.serai;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code .env} file: {@code NAME=value} on each line, with or without {@code export} before it
 * and quotes around the value. Lines that begin with {@code #} and lines of any other form are
 * skipped.
 */
final class DotEnv {

  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)");

  private DotEnv() {}

  /**
   * The variables of a file, in its order; the last one wins. Empty when there is no such file.
   *
   * @throws NotStartableException when it is there and cannot be read
   */
  static Map<String, String> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Map.of();
    }
    try {
      return parse(Files.readAllLines(file));
    } catch (IOException e) {
      throw new NotStartableException(
          "The file " + file.toAbsolutePath() + " cannot be read as UTF-8 text.",
          "Mend it, or take it away.");
    }
  }

  private static Map<String, String> parse(List<String> lines) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        variables.put(matcher.group(1), value(matcher.group(2).strip()));
      }
    }
    return variables;
  }

  /** Without its quotes; an unquoted one ends where a comment begins. */
  private static String value(String text) {
    if (text.length() >= 2 && (text.charAt(0) == '"' || text.charAt(0) == '\'')) {
      int end = text.indexOf(text.charAt(0), 1);
      if (end > 0) {
        return text.substring(1, end);
      }
    }
    int comment = text.startsWith("#") ? 0 : text.indexOf(" #");
    return comment < 0 ? text : text.substring(0, comment).strip();
  }
}
