import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;

/**
 * Prints as many tenants as asked for, each with one key, {@code sk-serai-} with its number in 43
 * digits: {@code java bench/src/Tenants.java sql|yaml 10000}; rows of the gateway's tables, or a
 * tenants.yaml.
 */
final class Tenants {
  public static void main(String[] args) throws Exception {
    int count = Integer.parseInt(args[1]);
    MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
    StringBuilder out = new StringBuilder();
    if (args[0].equals("yaml")) {
      out.append("serai:\n  tenants:\n");
    }
    for (int i = 0; i < count; i++) {
      String key = "sk-serai-%043d".formatted(i);
      String hash =
          HexFormat.of().formatHex(sha256.digest(key.getBytes(StandardCharsets.US_ASCII)));
      out.append(
          args[0].equals("yaml")
              ? "    bench-%d:\n      key-sha256: [%s]\n".formatted(i, hash)
              : """
              INSERT INTO tenants (id, name, tier, created_at, updated_at)
                VALUES ('bench-%1$d', 'Bench', 'trial', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP);
              INSERT INTO gateway_keys (id, tenant_id, name, hash, prefix, allowed, created_at)
                VALUES ('bench-%1$d', 'bench-%1$d', 'bench', '%2$s', 'sk-bench', '', CURRENT_TIMESTAMP);
              """
                  .formatted(i, hash));
    }
    System.out.print(out);
  }
}
