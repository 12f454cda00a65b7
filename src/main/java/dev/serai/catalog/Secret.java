package dev.serai.catalog;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that must not be seen: it prints as {@code ***} wherever it ends up by accident, and two
 * secrets are never equal, so that no comparison tells anything about them. What it is may change
 * while the gateway runs, so ask for it anew for each call.
 */
public final class Secret {
  private final Supplier<@Nullable String> source;

  /** Wraps what {@link #reveal} gives back. */
  public Secret(String value) {
    this.source = () -> value;
  }

  /**
   * A secret that is kept up to date elsewhere.
   *
   * @param source gives the value as it is now, null while there is none; once there was one there
   *     always is
   */
  public Secret(Supplier<@Nullable String> source) {
    this.source = source;
  }

  /** Whether there is a value. May wait for the first answer of where it is kept. */
  public boolean present() {
    return source.get() != null;
  }

  /**
   * The value in clear: only for the call that needs it.
   *
   * @throws IllegalStateException when it is not {@link #present}
   */
  public String reveal() {
    String value = source.get();
    if (value == null) {
      throw new IllegalStateException("a secret was asked for that is not there");
    }
    return value;
  }

  @Override
  public String toString() {
    return "***";
  }
}
