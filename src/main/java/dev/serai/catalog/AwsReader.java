package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.ProviderEntry;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what only a provider on AWS has. */
final class AwsReader {
  private static final String REGION_REMEDY = "give one such as us-east-1, or set AWS_REGION";
  private static final Pattern REGION = Pattern.compile("[a-z0-9-]{1,40}");
  private static final Pattern PROFILE = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final String KEY_ID = "ACCESS_KEY_ID";
  private static final String SECRET_KEY = "SECRET_ACCESS_KEY";
  private static final String TOKEN = "SESSION_TOKEN";

  private AwsReader() {}

  static AwsAccess read(
      ProviderEntry raw, @Nullable Secret keyId, ProviderReader.Secrets secrets, Entry entry) {
    return new AwsAccess(region(raw, entry), credentials(raw, keyId, secrets, entry));
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
      ProviderEntry raw, @Nullable Secret keyId, ProviderReader.Secrets secrets, Entry entry) {
    // Where the id is kept by its name, so are the others; a token belongs to one id only.
    String name = keyId == null ? "" : Objects.requireNonNullElse(Entry.text(raw.credential()), "");
    String ofToken = Entry.text(raw.apiKey()) == null ? name : "";
    Secret secret = secrets.key("secret-key", beside(name, SECRET_KEY), raw.secretKey());
    Secret token = secrets.key("session-token", beside(ofToken, TOKEN), raw.sessionToken());
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

  /** The name of what belongs to a key's id; empty where the id's name does not lead to it. */
  private static String beside(String name, String other) {
    return name.contains(KEY_ID) ? name.replace(KEY_ID, other) : "";
  }

  /** Whether who signs is said in another way than by keys. */
  static boolean keyless(ProviderEntry raw) {
    return Entry.text(raw.profile()) != null || "true".equals(Entry.text(raw.defaultCredentials()));
  }

  /** What a message names as missing or wrong: the key's id, or its secret when only that is. */
  static String credential(String credential, ProviderEntry raw) {
    if (Entry.text(raw.apiKey()) == null || Entry.text(raw.secretKey()) != null) {
      return credential;
    }
    return credential.contains(KEY_ID)
        ? credential.replace(KEY_ID, SECRET_KEY)
        : credential + " (its secret-key)";
  }
}
