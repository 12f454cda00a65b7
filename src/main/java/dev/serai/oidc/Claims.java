package dev.serai.oidc;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads claims by the names that the configuration gives them. */
final class Claims {

  private Claims() {}

  /** The claim's text; null when it is missing or something else. */
  static @Nullable String text(Map<String, Object> claims, String name) {
    return find(claims, name) instanceof String text && !text.isBlank() ? text : null;
  }

  /** Whether the claim is this value, or a list (also one with blanks between) that has it. */
  static boolean has(Map<String, Object> claims, String name, String value) {
    return switch (find(claims, name)) {
      case String text -> text.equals(value) || Arrays.asList(text.split(" ", -1)).contains(value);
      case Collection<?> list -> list.contains(value);
      case Boolean flag -> flag.toString().equals(value);
      case null, default -> false;
    };
  }

  /** A claim may have dots in its name itself, as those that are named by an address have. */
  private static @Nullable Object find(Map<?, ?> claims, String name) {
    Object whole = claims.get(name);
    if (whole != null) {
      return whole;
    }
    int dot = name.indexOf('.');
    return dot > 0 && claims.get(name.substring(0, dot)) instanceof Map<?, ?> inner
        ? find(inner, name.substring(dot + 1))
        : null;
  }
}
