package dev.serai.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A key that callers present, known only by its SHA-256. Keys are random and long, so a plain hash
 * is enough: there is nothing to guess.
 *
 * @param hash SHA-256 of the key's UTF-8 bytes, lower-case hex
 * @param tenant whose key it is
 */
public record GatewayKey(String hash, Tenant tenant) {

  /** The hash under which a key is stored and looked up. */
  public static String hashOf(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }

  /** Whether this is the key with that hash; takes the same time for every wrong one. */
  public boolean matches(String presentedHash) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        presentedHash.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "GatewayKey[" + tenant.id() + "]";
  }
}
