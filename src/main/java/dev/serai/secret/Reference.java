package dev.serai.secret;

import org.jspecify.annotations.Nullable;

/**
 * Where a secret is kept.
 *
 * @param kind what keeps it
 * @param place the file, the path in Vault, the name or ARN in AWS, or the whole {@code op://…}
 * @param field of what is kept there; null for all of it
 */
record Reference(Kind kind, String place, @Nullable String field) {

  /** What keeps secrets. */
  enum Kind {
    ONE_PASSWORD("op://", "op://vault/item/field"),
    FILE("file:", "file:/run/secrets/name"),
    VAULT("vault:", "vault:path#field"),
    AWS("aws-sm:", "aws-sm:name or aws-sm:name#field");

    final String prefix;
    private final String form;

    Kind(String prefix, String form) {
      this.prefix = prefix;
      this.form = form;
    }
  }

  /**
   * Reads a setting.
   *
   * @return null when it is no reference
   * @throws IllegalArgumentException when it begins as one and does not go on as one
   */
  static @Nullable Reference of(String text) {
    for (Kind kind : Kind.values()) {
      if (text.startsWith(kind.prefix)) {
        return of(kind, text, text.substring(kind.prefix.length()));
      }
    }
    return null;
  }

  private static Reference of(Kind kind, String text, String rest) {
    int hash = rest.lastIndexOf('#');
    boolean fields = kind == Kind.VAULT || kind == Kind.AWS;
    String place = fields && hash >= 0 ? rest.substring(0, hash) : rest;
    String field = fields && hash >= 0 ? rest.substring(hash + 1) : null;
    boolean whole =
        switch (kind) {
          case ONE_PASSWORD -> onePassword(rest.split("/", -1));
          case VAULT -> field != null;
          case FILE, AWS -> true;
        };
    boolean clean = text.chars().noneMatch(Character::isISOControl);
    if (!whole || !clean || place.isBlank() || (field != null && field.isBlank())) {
      throw new IllegalArgumentException("a reference to a secret is written " + kind.form);
    }
    return new Reference(kind, kind == Kind.ONE_PASSWORD ? text : place, field);
  }

  private static boolean onePassword(String[] parts) {
    for (String part : parts) {
      if (part.isBlank()) {
        return false;
      }
    }
    return parts.length == 3 || parts.length == 4;
  }

  /** As it is written in a setting. */
  @Override
  public String toString() {
    String text = kind == Kind.ONE_PASSWORD ? place : kind.prefix + place;
    return field == null ? text : text + "#" + field;
  }
}
