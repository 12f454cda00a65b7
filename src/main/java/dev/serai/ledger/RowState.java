package dev.serai.ledger;

import java.util.Locale;

/** What is known about the call that a usage row stands for. */
public enum RowState {
  /** It may be under way. */
  OPEN,
  /** It ended and its usage is known. */
  SETTLED,
  /** It may have been billed, but nobody knows its usage: the row holds the estimate. */
  UNSETTLED,
  /** The provider was called and failed. */
  FAILED,
  /** Nothing ever left the gateway; costs nothing and counts as no request. */
  NOT_SENT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The value of the column {@code state}. */
  public String label() {
    return label;
  }
}
