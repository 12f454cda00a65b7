package dev.serai.tenant.credential;

import dev.serai.catalog.AwsCredentials;
import dev.serai.catalog.Credential;
import dev.serai.catalog.Dialect;
import dev.serai.catalog.ErasableSecret;
import dev.serai.catalog.Provider;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what an operator sends as a tenant's credential. Its errors never repeat a value. */
public final class CredentialForm {

  private static final Set<String> API_KEY = Set.of("api_key");
  private static final Set<String> AWS_KEYS =
      Set.of("access_key_id", "secret_access_key", "session_token", "region");
  private static final Set<String> AWS_ROLE = Set.of("role_arn", "external_id", "region");

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,4096}");
  private static final Pattern KEY_ID = Pattern.compile("\\w{1,128}");
  private static final Pattern SECRET = Pattern.compile("[\\x21-\\x7e]{1,256}");
  private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,8192}");
  private static final Pattern REGION = Pattern.compile("[a-z]{2,6}(-[a-z]{2,20}){1,3}-[0-9]{1,2}");
  private static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]{0,20}:iam::[0-9]{12}:role/[\\w+=,.@/-]{1,512}");
  private static final Pattern EXTERNAL_ID = Pattern.compile("[\\w+=,.@:/-]{2,1224}");

  private final Provider provider;
  private final Map<String, String> fields;

  private CredentialForm(Provider provider, Map<String, String> fields) {
    this.provider = provider;
    this.fields = fields;
  }

  /**
   * Reads and checks it.
   *
   * @param fields by their names in the API
   * @throws ApiException 400 when they do not fit the provider
   */
  public static Credential read(Provider provider, Map<String, String> fields) {
    CredentialForm form = new CredentialForm(provider, fields);
    if (provider.dialect() == Dialect.LOCAL) {
      throw refused("The provider " + provider.id() + " takes no credential.", null);
    }
    if (provider.aws() == null) {
      form.only(API_KEY, "{\"api_key\": …} and nothing else");
      return new Credential.ApiKey(form.secret("api_key", KEY));
    }
    return fields.containsKey("role_arn") ? form.role() : form.keys();
  }

  private Credential keys() {
    only(
        AWS_KEYS,
        "access_key_id and secret_access_key, with session_token and region where needed, or"
            + " role_arn, with external_id and region where needed");
    return new Credential.AwsKeys(
        secret("access_key_id", KEY_ID),
        secret("secret_access_key", SECRET),
        fields.containsKey("session_token") ? secret("session_token", TOKEN) : null,
        text("region", REGION));
  }

  private Credential role() {
    only(AWS_ROLE, "role_arn, with external_id and region where needed");
    if (provider.aws() != null && provider.aws().credentials() instanceof AwsCredentials.Missing) {
      throw refused(
          "The gateway has no AWS credentials of its own to take on a role with: set "
              + provider.credentialName()
              + " for it, or store a key pair.",
          "role_arn");
    }
    String arn = text("role_arn", ROLE);
    return new Credential.AwsRole(
        arn == null ? "" : arn, text("external_id", EXTERNAL_ID), text("region", REGION));
  }

  private void only(Set<String> known, String wanted) {
    if (!known.containsAll(fields.keySet())) {
      throw refused("The credential of " + provider.id() + " is " + wanted + ".", null);
    }
  }

  private ErasableSecret secret(String name, Pattern form) {
    String value = fields.get(name);
    if (value == null) {
      throw refused(name + " is missing, which the provider " + provider.id() + " needs.", name);
    }
    return new ErasableSecret(checked(name, value, form).getBytes(StandardCharsets.US_ASCII));
  }

  private @Nullable String text(String name, Pattern form) {
    String value = fields.get(name);
    return value == null ? null : checked(name, value, form);
  }

  private static String checked(String name, String value, Pattern form) {
    if (!form.matcher(value).matches()) {
      throw refused(
          name
              + " is empty, too long, or holds a character that it cannot have: check what was"
              + " copied.",
          name);
    }
    return value;
  }

  private static ApiException refused(String message, @Nullable String param) {
    return new ApiException(ApiError.invalidRequest(message, param, null));
  }
}
