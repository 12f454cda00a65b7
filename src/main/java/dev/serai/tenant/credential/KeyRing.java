package dev.serai.tenant.credential;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All key-encryption keys: one wraps, each opens what it wrapped. */
final class KeyRing implements AutoCloseable {

  private final Map<String, KeyEncryption> byName = new LinkedHashMap<>();
  private final @Nullable KeyEncryption current;

  /** The first of them is the current one; there may be none. */
  KeyRing(List<KeyEncryption> keys) {
    for (KeyEncryption key : keys) {
      byName.putIfAbsent(key.name(), key);
    }
    current = keys.isEmpty() ? null : keys.getFirst();
  }

  /**
   * Those of the configuration.
   *
   * @throws MasterKeyException when one is not usable
   */
  static KeyRing of(CredentialSettings settings) {
    List<KeyEncryption> keys = new ArrayList<>();
    CredentialSettings.Kms kms = settings.kms();
    if (!kms.keyId().isBlank()) {
      keys.add(new AwsKmsKey(kms.keyId().strip(), kms));
    }
    if (!settings.masterKey().isBlank()) {
      keys.add(LocalKey.of("SERAI_MASTER_KEY", settings.masterKey()));
    }
    if (!settings.masterKeyFile().isBlank()) {
      keys.add(LocalKey.in(Path.of(settings.masterKeyFile().strip())));
    }
    for (String previous : settings.previousMasterKeys()) {
      if (!previous.isBlank()) {
        keys.add(LocalKey.of("SERAI_MASTER_KEY_PREVIOUS", previous));
      }
    }
    for (String previous : kms.previousKeyIds()) {
      if (!previous.isBlank()) {
        keys.add(new AwsKmsKey(previous.strip(), kms));
      }
    }
    return new KeyRing(keys);
  }

  /** The key that wraps; null when there is none. */
  @Nullable KeyEncryption current() {
    return current;
  }

  /**
   * The data key of a row; overwrite it after use.
   *
   * @throws GeneralSecurityException when its key is not here, or it was tampered with
   * @throws KeyUnavailableException when its key cannot be reached now
   */
  byte[] unwrap(Sealed row) throws GeneralSecurityException {
    KeyEncryption key = byName.get(row.keyName());
    if (key == null) {
      throw new GeneralSecurityException("there is no such key");
    }
    return key.unwrap(row.wrappedKey(), row.owner());
  }

  /** Whether a key of this name is here. */
  boolean has(String name) {
    return byName.containsKey(name);
  }

  @Override
  public void close() {
    byName.values().forEach(KeyEncryption::close);
  }
}
