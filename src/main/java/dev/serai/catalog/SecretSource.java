package dev.serai.catalog;

import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the secrets come from that settings hold or name. */
public interface SecretSource {

  /** Settings hold their secrets themselves. */
  SecretSource LITERAL =
      (name, written) -> written == null || written.isBlank() ? null : new Secret(written.strip());

  /**
   * The secret of a setting.
   *
   * @param name what it is called where it is kept by name, such as {@code OPENAI_API_KEY}
   * @param written what the setting says: the secret, or a reference to it; null for nothing
   * @return null when there is none, and nowhere it could come from
   * @throws IllegalArgumentException when it is a reference that cannot be read; the message says
   *     how to write it and does not repeat it
   */
  @Nullable Secret secret(String name, @Nullable String written);

  /** Whether this is a reference to a secret and not the secret itself. */
  static boolean isReference(String written) {
    return Stream.of("op://", "file:", "vault:", "aws-sm:").anyMatch(written::startsWith);
  }
}
