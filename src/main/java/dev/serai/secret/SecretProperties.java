package dev.serai.secret;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.EnumerablePropertySource;

/** The settings that others read whose secrets are kept elsewhere, as they are now. */
final class SecretProperties extends EnumerablePropertySource<Secrets> {

  static final String NAME = "seraiSecrets";

  private final Map<String, Held> held;

  SecretProperties(Secrets secrets, Map<String, Held> held) {
    super(NAME, secrets);
    this.held = Map.copyOf(held);
  }

  @Override
  public String[] getPropertyNames() {
    return held.keySet().toArray(new String[0]);
  }

  /**
   * The value now.
   *
   * @throws SecretException when a setting names a secret that is not there and that the start
   *     needs
   */
  @Override
  public @Nullable Object getProperty(String name) {
    Held secret = held.get(name);
    if (secret == null) {
      return null;
    }
    String value = source.value(secret);
    if (value == null && secret.expected()) {
      if (!name.startsWith("spring.")) {
        return "";
      }
      throw new SecretException(
          "The secret " + secret.name() + " is not there: " + secret.trouble() + ".",
          "Put it there, or set " + name + " to another one.");
    }
    return value;
  }
}
