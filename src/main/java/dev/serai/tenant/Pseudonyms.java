package dev.serai.tenant;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What tenants are called towards providers: always the same, different in every installation, and
 * without the salt nobody can tell whose it is.
 */
public final class Pseudonyms {

  private static final String ALGORITHM = "HmacSHA256";
  private static final int LENGTH = 32;

  private final SecretKeySpec salt;
  private final Map<String, String> byTenant = new ConcurrentHashMap<>();

  /**
   * Makes those of one installation.
   *
   * @param salt its secret, at least one byte; not copied
   */
  public Pseudonyms(byte[] salt) {
    this.salt = new SecretKeySpec(salt, ALGORITHM);
  }

  /** The first 32 hex digits of the HMAC-SHA256 of the tenant's id; computed once. */
  public String of(Tenant tenant) {
    return byTenant.computeIfAbsent(tenant.id(), this::compute);
  }

  private String compute(String id) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(salt);
      byte[] code = mac.doFinal(id.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(code).substring(0, LENGTH);
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java runtime has HMAC-SHA256", e);
    }
  }
}
