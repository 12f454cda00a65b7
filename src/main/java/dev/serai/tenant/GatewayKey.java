package dev.serai.tenant;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key that callers present, known only by its SHA-256. Keys are random and long, so a plain hash
 * is enough: there is nothing to guess.
 *
 * @param id its name in the admin API and in the ledger; not a secret
 * @param hash SHA-256 of the key's UTF-8 bytes, lower-case hex
 * @param tenant whose key it is
 * @param allowed the roles and models that may be asked with it; empty for all
 * @param expiresAt from when on it is worth nothing; null for never
 */
public record GatewayKey(
    String id, String hash, Tenant tenant, Set<String> allowed, @Nullable Instant expiresAt) {

  private static final int ID_LENGTH = 16;
  private static final String NOT_STORED = "~";

  /** A key of the configuration: it may ask for everything, and is named after its hash. */
  static GatewayKey configured(String hash, Tenant tenant) {
    return new GatewayKey("cfg-" + hash.substring(0, ID_LENGTH), hash, tenant, Set.of(), null);
  }

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

  /**
   * What a presented key is looked up by: its hash, marked when it has not the form of the keys
   * that the database has, so that nobody asks the database for it.
   */
  public static String nameOf(String key) {
    return KeySecret.fits(key) ? hashOf(key) : NOT_STORED + hashOf(key);
  }

  static String hashIn(String name) {
    return mayBeStored(name) ? name : name.substring(NOT_STORED.length());
  }

  static boolean mayBeStored(String name) {
    return !name.startsWith(NOT_STORED);
  }

  /** The same key of the tenant as the configuration has it. */
  GatewayKey of(Tenant configured) {
    return new GatewayKey(id, hash, configured, allowed, expiresAt);
  }

  /** Whether it is worth nothing any more. */
  boolean expired(Instant now) {
    return expiresAt != null && !now.isBefore(expiresAt);
  }

  /** Whether this is the key that is looked up by that name; as {@link #matches}. */
  public boolean isNamed(String name) {
    return matches(hashIn(name));
  }

  /** Whether this is the key with that hash; takes the same time for every wrong one. */
  public boolean matches(String presentedHash) {
    return MessageDigest.isEqual(
        hash.getBytes(StandardCharsets.US_ASCII),
        presentedHash.getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public String toString() {
    return "GatewayKey[" + id + " of " + tenant.id() + "]";
  }
}
