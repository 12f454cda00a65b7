package dev.serai.secret;

import org.jspecify.annotations.Nullable;

/** Something that keeps secrets. Asked by several threads at once. */
interface SecretStore extends AutoCloseable {

  /** The field of an item of 1Password's that a secret of the gateway's is kept in. */
  String CREDENTIAL = "credential";

  /**
   * Looks a secret up.
   *
   * @return null when it is certain that there is no such secret
   * @throws SecretStoreException when that cannot be told now
   * @throws InterruptedException when the thread is wanted elsewhere
   */
  @Nullable String fetch(Reference reference) throws SecretStoreException, InterruptedException;

  @Override
  default void close() {}
}
