package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.ProviderEntry;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what only a provider on AWS has. */
final class AwsReader {
  private static final String REGION_REMEDY = "give one such as us-east-1, or set AWS_REGION";
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern PROFILE = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final String KEY_ID = "ACCESS_KEY_ID";

  private AwsReader() {}

  static AwsAccess read(ProviderEntry raw, @Nullable Secret keyId, Entry entry) {
    return new AwsAccess(region(raw, entry), credentials(raw, keyId, entry));
  }

  private static String region(ProviderEntry raw, Entry entry) {
    String region = entry.required("region", raw.region(), REGION_REMEDY);
    if (!region.isEmpty() && !REGION.matcher(region).matches()) {
      entry.problem("region is not usable (" + region + "): " + REGION_REMEDY);
      return "";
    }
    return region;
  }

  /** Amazon's own address of the runtime in a region. */
  static String endpoint(String region) {
    String suffix = region.startsWith("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
    return "https://bedrock-runtime." + region + suffix;
  }

  private static AwsCredentials credentials(
      ProviderEntry raw, @Nullable Secret keyId, Entry entry) {
    Secret secret = ProviderReader.key("secret-key", raw.secretKey(), entry);
    Secret token = ProviderReader.key("session-token", raw.sessionToken(), entry);
    String profile = Entry.text(raw.profile());
    boolean byItself = entry.flag("default-credentials", raw.defaultCredentials());
    if (keyId != null) {
      return secret == null
          ? new AwsCredentials.Missing()
          : new AwsCredentials.Keys(keyId, secret, token);
    }
    if (profile != null) {
      if (!PROFILE.matcher(profile).matches()) {
        entry.problem("profile is not usable (" + profile + "): name one without blanks");
      }
      return new AwsCredentials.Profile(profile);
    }
    return byItself ? new AwsCredentials.DefaultChain() : new AwsCredentials.Missing();
  }

  /** What a message names as missing or wrong: the key's id, or its secret when only that is. */
  static String credential(String credential, @Nullable Secret keyId, AwsAccess access) {
    if (keyId == null || !(access.credentials() instanceof AwsCredentials.Missing)) {
      return credential;
    }
    return credential.contains(KEY_ID)
        ? credential.replace(KEY_ID, "SECRET_ACCESS_KEY")
        : credential + " (its secret-key)";
  }
}
