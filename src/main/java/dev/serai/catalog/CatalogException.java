package dev.serai.catalog;

import java.util.List;

/** The configuration cannot be used; the message has one line for each thing to mend. */
public final class CatalogException extends RuntimeException {
  private final transient List<String> problems;

  CatalogException(List<String> problems) {
    super(String.join(System.lineSeparator(), problems));
    this.problems = List.copyOf(problems);
  }

  /** Each names the file, the entry, what is wrong and what to write instead. */
  public List<String> problems() {
    return problems;
  }
}
