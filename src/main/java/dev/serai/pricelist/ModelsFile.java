package dev.serai.pricelist;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lines of {@code models.yaml}: entries are put in between them, and every other line, comments
 * included, stays as it is. It knows the shape of the packaged file; whether the outcome is right
 * is for whoever reads it again to say.
 */
final class ModelsFile {
  private static final Pattern ID = Pattern.compile("( *)- id: *[\"']?([^\"'#]+?)[\"']? *(#.*)?");
  private static final String SHAPE =
      "Give the entry the shape of the packaged file, or paste what is printed without --write.";

  private final List<String> lines;

  ModelsFile(List<String> lines) {
    this.lines = new ArrayList<>(lines);
  }

  List<String> lines() {
    return List.copyOf(lines);
  }

  /**
   * Ends a price of a model and puts another at the end of its prices.
   *
   * @param ends the first day on which the old price no longer holds
   * @throws PriceFileException when the entry is not found
   */
  void change(String provider, String id, String version, String ends, List<String> price) {
    int start = model(provider, id);
    int end = blockEnd(start, indent(lines.get(start)));
    int old = versionLine(start, end, id, version);
    int column = indent(lines.get(old));
    int last = old;
    for (int i = old; i < end && !leaves(lines.get(i), column); i++) {
      last = isContent(lines.get(i)) ? i : last;
    }
    insert(last + 1, column, price);
    lines.add(old + 1, " ".repeat(column + 2) + "valid-until: " + ends);
  }

  /** Puts a model behind the last one. */
  void add(List<String> model) {
    int last = -1;
    int column = Integer.MAX_VALUE;
    for (int i = 0; i < lines.size(); i++) {
      if (ID.matcher(lines.get(i)).matches() && indent(lines.get(i)) <= column) {
        last = i;
        column = indent(lines.get(i));
      }
    }
    if (last < 0) {
      throw new PriceFileException("models.yaml has no model to put others behind.", SHAPE);
    }
    int end = last;
    for (int i = last; i < blockEnd(last, column); i++) {
      end = isContent(lines.get(i)) ? i : end;
    }
    insert(end + 1, column, model);
    lines.add(end + 1, "");
  }

  private void insert(int at, int column, List<String> entry) {
    List<String> indented = entry.stream().map(line -> " ".repeat(column) + line).toList();
    lines.addAll(at, indented);
  }

  private int model(String provider, String id) {
    for (int i = 0; i < lines.size(); i++) {
      Matcher start = ID.matcher(lines.get(i));
      if (start.matches() && start.group(2).equals(id)) {
        int end = blockEnd(i, start.group(1).length());
        for (int j = i; j < end; j++) {
          if (lines.get(j).strip().replaceAll("[\"']", "").equals("provider: " + provider)) {
            return i;
          }
        }
      }
    }
    throw new PriceFileException("models.yaml has no lines of " + id + " to change.", SHAPE);
  }

  private int versionLine(int start, int end, String id, String version) {
    String wanted = "- version: " + version;
    for (int i = start; i < end; i++) {
      if (lines.get(i).strip().replaceAll("[\"']", "").equals(wanted)) {
        return i;
      }
    }
    throw new PriceFileException(
        "models.yaml has no line for price " + version + " of " + id + ".", SHAPE);
  }

  /** The first line behind an entry whose dash stands in that column. */
  private int blockEnd(int start, int column) {
    for (int i = start + 1; i < lines.size(); i++) {
      if (isContent(lines.get(i)) && indent(lines.get(i)) <= column) {
        return i;
      }
    }
    return lines.size();
  }

  /** Whether a line stands no more in a list whose dashes are in that column. */
  private static boolean leaves(String line, int column) {
    return isContent(line)
        && (indent(line) < column || (indent(line) == column && !line.strip().startsWith("-")));
  }

  private static boolean isContent(String line) {
    return !line.isBlank() && !line.strip().startsWith("#");
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }
}
