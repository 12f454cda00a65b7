package dev.serai.secret;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** 1Password by whatever leads to it, the next way where one fails. */
final class OnePassword implements SecretStore {

  private final List<SecretStore> ways;

  /**
   * Of several ways.
   *
   * @param ways at least one
   */
  OnePassword(List<SecretStore> ways) {
    this.ways = List.copyOf(ways);
  }

  @Override
  public @Nullable String fetch(Reference reference)
      throws SecretStoreException, InterruptedException {
    SecretStoreException failure = null;
    for (SecretStore way : ways) {
      try {
        String value = way.fetch(reference);
        if (value != null) {
          return value;
        }
      } catch (SecretStoreException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return null;
  }

  @Override
  public void close() {
    ways.forEach(SecretStore::close);
  }
}
