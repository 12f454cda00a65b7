package dev.serai.ledger;

import java.util.Locale;

/** Whose account at the provider a call is billed on. */
public enum Account {
  /** The gateway's own. */
  PLATFORM,
  /** That of the tenant who called. */
  TENANT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The value of the column {@code account}. */
  public String label() {
    return label;
  }
}
