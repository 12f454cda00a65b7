package dev.serai.ledger;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is kept beside the rows of the ledger and does not agree with them.
 *
 * @param kind what it is
 * @param hour counted from 1970; null where none is concerned
 * @param subject which one, by its names: at most 1,000 characters
 * @param byRows what the rows say: at most 400 characters
 * @param kept what is kept: at most 400 characters
 */
public record Difference(
    Kind kind, @Nullable Long hour, String subject, String byRows, String kept) {

  /** What can differ. */
  public enum Kind {
    /** A sum of an hour. */
    HOUR,
    /** What is spent or reserved of a budget. */
    BUDGET,
    /** A row that is open and that nobody is going to close. */
    OPEN_ROW;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Its name in JSON and in the database. */
    public String label() {
      return label;
    }
  }

  /** Makes every text fit. */
  public Difference {
    subject = Text.required(subject, 1000);
    byRows = Text.required(byRows, 400);
    kept = Text.required(kept, 400);
  }
}
