package dev.serai.alert;

import java.util.Locale;

/** A way in which an alert gets to somebody. */
public enum Channel {
  /** A line in the log. */
  LOG,
  /** A request to a webhook. */
  WEBHOOK,
  /** A mail. */
  MAIL;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name in JSON and in the database. */
  public String label() {
    return label;
  }
}
