package dev.serai.tenant.credential;

import com.google.crypto.tink.subtle.Random;
import dev.serai.catalog.Credential;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;

/**
 * A credential as it is stored: encrypted under a data key of its own, which is wrapped.
 *
 * @param keyName the key-encryption key that wrapped the data key
 */
record Sealed(
    Owner owner,
    String kind,
    String hint,
    String keyName,
    byte[] wrappedKey,
    byte[] ciphertext,
    Instant createdAt,
    Instant updatedAt) {

  /**
   * Encrypts under a fresh data key.
   *
   * @throws GeneralSecurityException when the key may not or cannot be used
   * @throws KeyUnavailableException when it cannot be reached now
   */
  static Sealed of(Owner owner, Credential credential, KeyEncryption key, Instant now)
      throws GeneralSecurityException {
    byte[] dataKey = Random.randBytes(Aes.KEY_BYTES);
    byte[] plain = CredentialBytes.of(credential);
    String kind = CredentialBytes.kind(credential);
    String hint = CredentialBytes.hint(credential);
    try {
      return new Sealed(
          owner,
          kind,
          hint,
          key.name(),
          key.wrap(dataKey, owner),
          Aes.of(dataKey).encrypt(plain, owner.associatedData(kind, hint)),
          now,
          now);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
      Arrays.fill(plain, (byte) 0);
    }
  }

  /**
   * Decrypts.
   *
   * @throws GeneralSecurityException when its key is not here, or anything of it is not as stored
   * @throws KeyUnavailableException when its key cannot be reached now
   */
  Credential open(KeyRing keys) throws GeneralSecurityException {
    byte[] dataKey = keys.unwrap(this);
    try {
      return open(dataKey);
    } finally {
      Arrays.fill(dataKey, (byte) 0);
    }
  }

  /** As {@link #open(KeyRing)}, with the data key unwrapped before. */
  Credential open(byte[] dataKey) throws GeneralSecurityException {
    byte[] plain = Aes.of(dataKey).decrypt(ciphertext, owner.associatedData(kind, hint));
    try {
      return CredentialBytes.read(plain);
    } finally {
      Arrays.fill(plain, (byte) 0);
    }
  }

  /** Nothing of what it holds. */
  @Override
  public String toString() {
    return "Sealed[" + owner + "]";
  }
}
