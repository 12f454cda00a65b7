package dev.serai.tenant.credential;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whose credential it is and for whom: bound to what is encrypted, so that a row that was copied to
 * another tenant or provider cannot be opened.
 */
record Owner(String tenantId, String provider) implements Comparable<Owner> {

  private static final String WHAT = "serai.credential.v1";

  /**
   * What encryption is bound to: each part with its length in front, so that no two have the same
   * bytes.
   *
   * @param more what else is bound
   */
  byte[] associatedData(String... more) {
    List<byte[]> parts = new ArrayList<>();
    Stream.concat(Stream.of(WHAT, tenantId, provider), Stream.of(more))
        .forEach(part -> parts.add(part.getBytes(StandardCharsets.UTF_8)));
    int size = parts.stream().mapToInt(part -> Integer.BYTES + part.length).sum();
    ByteBuffer out = ByteBuffer.allocate(size);
    parts.forEach(part -> out.putInt(part.length).put(part));
    return out.array();
  }

  /** The same for a key service, which writes it into its own log. */
  Map<String, String> context() {
    return Map.of("purpose", WHAT, "tenant", tenantId, "provider", provider);
  }

  /** The subject of a change. */
  String subject() {
    return tenantId + "/" + provider;
  }

  @Override
  public int compareTo(Owner other) {
    int byTenant = tenantId.compareTo(other.tenantId);
    return byTenant != 0 ? byTenant : provider.compareTo(other.provider);
  }

  /** For the log: a row that somebody tampered with may hold anything. */
  @Override
  public String toString() {
    return "tenant=" + plain(tenantId) + " provider=" + plain(provider);
  }

  static String plain(String text) {
    return text.replaceAll("[^A-Za-z0-9._:/-]", "?");
  }
}
