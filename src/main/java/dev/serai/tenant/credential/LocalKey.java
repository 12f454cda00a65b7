package dev.serai.tenant.credential;

import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A key-encryption key in this process: AES-256-GCM. */
final class LocalKey implements KeyEncryption {

  private static final int MOST_FILE_BYTES = 4096;
  private static final int NAME_BYTES = 8;

  private final String name;
  private final Aead aead;

  private LocalKey(byte[] key) throws GeneralSecurityException {
    name = "local-" + fingerprint(key);
    aead = Aes.of(key);
  }

  /**
   * Reads a key.
   *
   * @param from what it is called in the configuration
   * @param base64 the 32 bytes
   * @throws MasterKeyException when it is anything else; it is not repeated
   */
  static LocalKey of(String from, String base64) {
    byte[] key;
    try {
      key = Base64.getDecoder().decode(base64.strip());
    } catch (IllegalArgumentException e) {
      throw new MasterKeyException(from + " is not base64: it must be base64 of 32 bytes.");
    }
    if (key.length != Aes.KEY_BYTES) {
      throw new MasterKeyException(
          from + " has " + key.length + " bytes: it must be base64 of 32 bytes.");
    }
    try {
      return new LocalKey(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has AES-256-GCM", e);
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  /**
   * Reads a key from a file.
   *
   * @throws MasterKeyException when there is none in it
   */
  static LocalKey in(Path file) {
    try {
      if (Files.size(file) > MOST_FILE_BYTES) {
        throw new MasterKeyException("The file " + file + " is too long for a key.");
      }
      return of("The file " + file, Files.readString(file, StandardCharsets.US_ASCII));
    } catch (IOException e) {
      throw new MasterKeyException(
          "The file " + file + ", which is to hold a key, cannot be read.");
    }
  }

  /** Tells keys apart and tells nothing about them. */
  private static String fingerprint(byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    byte[] code = mac.doFinal("serai key-encryption key".getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().formatHex(code, 0, NAME_BYTES);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public byte[] wrap(byte[] dataKey, Owner owner) throws GeneralSecurityException {
    return aead.encrypt(dataKey, owner.associatedData());
  }

  @Override
  public byte[] unwrap(byte[] wrapped, Owner owner) throws GeneralSecurityException {
    return aead.decrypt(wrapped, owner.associatedData());
  }
}
