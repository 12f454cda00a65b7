package dev.serai.ledger;

import org.jspecify.annotations.Nullable;

/** A row whose values can be asked for by column name. */
interface NamedValues {

  /**
   * The value for a column.
   *
   * @throws IllegalArgumentException when the row has no such column
   */
  @Nullable Object value(String column);
}
