package dev.serai.recall;

import java.util.HexFormat;

/**
 * What an answer is kept under.
 *
 * @param tenantId answers never cross tenants
 * @param target the first target that would be asked
 * @param model the model that would be asked there
 * @param fingerprint SHA-256 of the canonical request, hex
 */
public record CacheKey(String tenantId, String target, String model, String fingerprint) {

  /** A key from the raw digest. */
  public static CacheKey of(String tenantId, String target, String model, byte[] digest) {
    return new CacheKey(tenantId, target, model, HexFormat.of().formatHex(digest));
  }
}
