package dev.serai.limit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a limit can be set for, the narrowest first. */
public enum Scope {
  /** A gateway key, by its id. */
  KEY,
  /** A tenant. */
  TENANT,
  /** A role. */
  ROLE,
  /** A configured provider. */
  PROVIDER,
  /** The whole gateway; its only id is {@code gateway}. */
  GATEWAY;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** Its name in paths, in the database and in messages. */
  public String label() {
    return label;
  }

  /** The scope of that name; null when there is none. */
  public static @Nullable Scope of(String label) {
    for (Scope scope : values()) {
      if (scope.label.equals(label)) {
        return scope;
      }
    }
    return null;
  }
}
