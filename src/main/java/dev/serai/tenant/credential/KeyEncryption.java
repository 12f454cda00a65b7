package dev.serai.tenant.credential;

import java.security.GeneralSecurityException;

/**
 * A key-encryption key, wherever it is. Used by many threads.
 *
 * <p>Whoever calls hands over data keys of 32 bytes and overwrites them afterwards; an
 * implementation keeps none of them.
 */
interface KeyEncryption extends AutoCloseable {

  /**
   * Names the key and its version, the same in every process that has it, different for every other
   * key; 1 to 255 characters, not a secret.
   */
  String name();

  /**
   * Encrypts a data key, bound to its owner.
   *
   * @throws GeneralSecurityException when this key may not or cannot be used
   * @throws KeyUnavailableException when it cannot be reached now
   */
  byte[] wrap(byte[] dataKey, Owner owner) throws GeneralSecurityException;

  /**
   * The data key again.
   *
   * @throws GeneralSecurityException when it was not wrapped by this key for this owner
   * @throws KeyUnavailableException when the key cannot be reached now
   */
  byte[] unwrap(byte[] wrapped, Owner owner) throws GeneralSecurityException;

  @Override
  default void close() {}
}
