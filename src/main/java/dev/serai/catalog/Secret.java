package dev.serai.catalog;

/**
 * A value that must not be seen: it prints as {@code ***} wherever it ends up by accident, and two
 * secrets are never equal, so that no comparison tells anything about them.
 */
public final class Secret {
  private final String value;

  /** Wraps what {@link #reveal} gives back. */
  public Secret(String value) {
    this.value = value;
  }

  /** The value in clear: only for the call that needs it. */
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
