package dev.serai.secret;

import dev.serai.secret.Reference.Kind;
import dev.serai.telemetry.Redactor;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.PropertyResolver;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClientBuilder;

/**
 * The stores as the environment describes them, each made when the first reference leads to it. The
 * token of a store is itself a literal or in a file.
 */
final class Stores implements AutoCloseable {

  private static final String CONNECT_HOST = "OP_CONNECT_HOST";
  private static final String CONNECT_TOKEN = "OP_CONNECT_TOKEN";
  private static final List<String> OF_OP =
      List.of("OP_SERVICE_ACCOUNT_TOKEN", CONNECT_HOST, CONNECT_TOKEN);

  private final PropertyResolver settings;
  private final Duration limit;
  private final Redactor redactor;
  private final boolean switchedOn;
  private final @Nullable Path op;
  private final Map<Kind, SecretStore> made = new EnumMap<>(Kind.class);

  Stores(PropertyResolver settings, Duration limit, Redactor redactor) {
    this.settings = settings;
    this.limit = limit;
    this.redactor = redactor;
    switchedOn = !"false".equalsIgnoreCase(text("USE_ONEPASSWORD"));
    op = switchedOn ? OpCommand.find(settings.getProperty("PATH", "")) : null;
  }

  /** Whether 1Password is wanted. */
  boolean onePasswordWanted() {
    return switchedOn;
  }

  /** Whether 1Password is wanted and there is a way to it. */
  boolean onePassword() {
    return op != null || connect();
  }

  private boolean connect() {
    return switchedOn && text(CONNECT_HOST) != null && text(CONNECT_TOKEN) != null;
  }

  /**
   * The store of a kind.
   *
   * @throws SecretStoreException when the environment does not say where it is
   */
  synchronized SecretStore of(Kind kind) throws SecretStoreException {
    SecretStore store = made.get(kind);
    if (store == null) {
      store = make(kind);
      made.put(kind, store);
    }
    return store;
  }

  private SecretStore make(Kind kind) throws SecretStoreException {
    try {
      return switch (kind) {
        case ONE_PASSWORD -> makeOnePassword();
        case FILE -> new FileStore();
        case VAULT ->
            new VaultStore(URI.create(needed("VAULT_ADDR")), needed("VAULT_TOKEN"), limit);
        case AWS -> new AwsStore(secretsManager());
      };
    } catch (IllegalArgumentException e) {
      throw new SecretStoreException("the address of " + kind.prefix + " is none");
    }
  }

  private SecretStore makeOnePassword() throws SecretStoreException {
    if (!switchedOn) {
      throw new SecretStoreException("USE_ONEPASSWORD is false");
    }
    List<SecretStore> ways = new ArrayList<>();
    Duration each = op != null && connect() ? limit.dividedBy(2) : limit;
    if (op != null) {
      Map<String, String> own = new HashMap<>();
      for (String name : OF_OP) {
        String value = own(name);
        if (value != null) {
          own.put(name, value);
        }
      }
      ways.add(new OpCommand(op, own, each));
    }
    if (connect()) {
      URI host = URI.create(needed(CONNECT_HOST).replaceFirst("/+$", ""));
      ways.add(new OpConnect(host, needed(CONNECT_TOKEN), each));
    }
    if (ways.isEmpty()) {
      throw new SecretStoreException(
          "neither 1Password's op command nor OP_CONNECT_HOST with OP_CONNECT_TOKEN is there");
    }
    return new OnePassword(ways);
  }

  private SecretsManagerClient secretsManager() throws SecretStoreException {
    SecretsManagerClientBuilder client =
        SecretsManagerClient.builder()
            .httpClientBuilder(ApacheHttpClient.builder().connectionTimeout(limit))
            .overrideConfiguration(how -> how.apiCallTimeout(limit).apiCallAttemptTimeout(limit))
            .region(Region.of(needed("AWS_REGION")))
            .credentialsProvider(credentials());
    String endpoint = text("AWS_ENDPOINT_URL_SECRETS_MANAGER");
    if (endpoint != null) {
      client.endpointOverride(URI.create(endpoint));
    }
    return client.build();
  }

  /** Those of {@code .env} too, which the SDK does not read; never such as are references. */
  private AwsCredentialsProvider credentials() throws SecretStoreException {
    String id = own("AWS_ACCESS_KEY_ID");
    String secret = own("AWS_SECRET_ACCESS_KEY");
    String token = own("AWS_SESSION_TOKEN");
    if (id == null || secret == null) {
      return DefaultCredentialsProvider.builder().build();
    }
    AwsCredentials own =
        token == null
            ? AwsBasicCredentials.create(id, secret)
            : AwsSessionCredentials.create(id, secret, token);
    return () -> own;
  }

  private String needed(String name) throws SecretStoreException {
    String value = own(name);
    if (value == null) {
      throw new SecretStoreException(name + " is not set");
    }
    return value;
  }

  private @Nullable String own(String name) throws SecretStoreException {
    String text = text(name);
    Reference reference = text == null ? null : Reference.of(text);
    if (reference != null && reference.kind() == Kind.FILE) {
      String content = new FileStore().fetch(reference);
      text = content == null ? null : content.strip();
    } else if (reference != null) {
      text = null;
    }
    if (text != null && name.matches(".*(TOKEN|SECRET_ACCESS_KEY)")) {
      redactor.learn(text);
    }
    return text;
  }

  private @Nullable String text(String name) {
    String text = settings.getProperty(name);
    return text == null || text.isBlank() ? null : text.strip();
  }

  @Override
  public synchronized void close() {
    made.values().forEach(SecretStore::close);
  }
}
