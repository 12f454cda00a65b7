package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.BreakerEntry;
import dev.serai.catalog.CatalogProperties.ProviderEntry;
import java.math.BigDecimal;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one entry of {@code providers.yaml}. */
final class ProviderReader {
  private static final URI IN_PROCESS = URI.create("local:in-process");
  private static final BigDecimal SLOWEST = new BigDecimal("0.001");
  private static final BigDecimal FASTEST = BigDecimal.valueOf(1_000_000);
  private static final Duration HALF_A_MINUTE = Duration.ofSeconds(30);
  private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
  private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]([\\t\\x20-\\x7e]*)");
  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]+");

  /** Headers whose names say that their values must be kept from the log. */
  private static final Pattern SECRET_HEADER =
      Pattern.compile("(?i)auth|key|token|secret|cookie|password");

  /** Headers that belong to the call itself. */
  private static final Set<String> TAKEN =
      Set.of("host", "content-length", "transfer-encoding", "connection", "authorization");

  private ProviderReader() {}

  static Provider read(String id, ProviderEntry raw, SecretSource source, Entry entry) {
    entry.name("its name", id, "name the entry");
    Dialect dialect =
        entry.choice(
            "dialect",
            entry.required("dialect", raw.dialect(), "give openai, bedrock, anthropic or local"),
            Dialect.class,
            Dialect.OPENAI);
    boolean local = dialect == Dialect.LOCAL;
    boolean aws = dialect == Dialect.BEDROCK;
    Duration attempt = entry.duration("attempt-timeout", raw.attemptTimeout(), HALF_A_MINUTE);
    Duration usual = attempt.isPositive() ? attempt : HALF_A_MINUTE;
    Timeouts timeouts =
        new Timeouts(
            entry.duration("connect-timeout", raw.connectTimeout(), Duration.ofSeconds(5)),
            attempt,
            entry.duration("first-byte-timeout", raw.firstByteTimeout(), usual),
            entry.duration("between-bytes-timeout", raw.betweenBytesTimeout(), usual));
    String credential =
        local
            ? ""
            : entry.name("credential", raw.credential(), "name the variable that holds its key");
    Secrets secrets = new Secrets(source, entry);
    Secret key = local ? null : secrets.key("api-key", named(credential, aws, raw), raw.apiKey());
    AwsAccess access = aws ? AwsReader.read(raw, key, secrets, entry) : null;
    return new Provider(
        id,
        dialect,
        entry.name("provider-name", raw.providerName(), "give OpenTelemetry's name for it"),
        baseUrl(aws ? endpoint(raw) : raw.baseUrl(), local, entry),
        key,
        access == null ? credential : AwsReader.credential(credential, raw),
        rate(raw.requestsPerSecond(), entry),
        entry.count("max-waiting", raw.maxWaiting(), 100, 0, 1_000_000),
        httpVersion(raw.httpVersion(), entry),
        timeouts,
        entry.count("max-connections", raw.maxConnections(), 2000, 1, 100_000),
        headers(raw.headers(), secrets, entry),
        entry.count("max-retries", raw.maxRetries(), 3, 0, 10),
        breaker(raw.breaker(), entry.at("breaker")),
        new EmbeddingLimits(
            entry.count("max-embedding-inputs", raw.maxEmbeddingInputs(), 2048, 1, 1_000_000),
            entry.count(
                "max-embedding-tokens", raw.maxEmbeddingTokens(), 300_000, 1, 1_000_000_000)),
        access,
        entry.pause("token-delay", raw.tokenDelay(), Duration.ZERO),
        tenantField(dialect, raw, entry));
  }

  private static URI baseUrl(@Nullable String value, boolean local, Entry entry) {
    if (local && Entry.text(value) == null) {
      return IN_PROCESS;
    }
    String remedy = "give one such as https://api.openai.com/v1";
    String text = entry.required("base-url", value, remedy);
    if (text.isEmpty()) {
      return IN_PROCESS;
    }
    try {
      URI url = new URI(text.replaceFirst("/+$", ""));
      String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && url.getHost() != null
          && url.getRawUserInfo() == null
          && url.getRawQuery() == null
          && url.getRawFragment() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // falls through: the value is not repeated, it may hold a password
    }
    entry.problem("base-url is not usable: " + remedy + ", without user, query or fragment in it");
    return IN_PROCESS;
  }

  private static @Nullable String endpoint(ProviderEntry raw) {
    String region = Entry.text(raw.region());
    return Entry.text(raw.baseUrl()) == null && region != null
        ? AwsReader.endpoint(region)
        : raw.baseUrl();
  }

  /** What its key is looked for as where it has none; empty where another identity stands in. */
  private static String named(String credential, boolean aws, ProviderEntry raw) {
    return aws && AwsReader.keyless(raw) ? "" : credential;
  }

  /** The secrets of one entry. */
  record Secrets(SecretSource source, Entry entry) {

    /** A key; null when there is none and none can come. */
    @Nullable Secret key(String setting, String name, @Nullable String value) {
      String text = Entry.text(value);
      if (text != null && !SecretSource.isReference(text) && !KEY.matcher(text).matches()) {
        entry.problem(setting + " holds a blank or a character that no header may carry: mend it");
        return null;
      }
      return of(setting, name, text);
    }

    @Nullable Secret of(String setting, String name, @Nullable String text) {
      try {
        return source.secret(name, text);
      } catch (IllegalArgumentException e) {
        entry.problem(setting + " is not usable: " + e.getMessage());
        return null;
      }
    }
  }

  private static @Nullable Rate rate(@Nullable String value, Entry entry) {
    String text = Entry.text(value);
    String remedy = "give calls per second such as 5 or 0.5, or 0 for no rate";
    BigDecimal perSecond =
        entry.decimal(
            "requests-per-second", text == null ? "0" : text, BigDecimal.ZERO, FASTEST, remedy);
    if (perSecond.signum() == 0) {
      return null;
    }
    if (perSecond.compareTo(SLOWEST) < 0) {
      entry.problem("requests-per-second is below 0.001 (" + text + "): " + remedy);
      return null;
    }
    return Rate.of(perSecond);
  }

  private static HttpVersion httpVersion(@Nullable String value, Entry entry) {
    return switch (Entry.text(value)) {
      case null -> HttpVersion.HTTP_1_1;
      case "1.1" -> HttpVersion.HTTP_1_1;
      case "2", "2.0" -> HttpVersion.HTTP_2;
      case String other -> {
        entry.problem("http-version is unknown (" + other + "): give \"1.1\" or \"2\"");
        yield HttpVersion.HTTP_1_1;
      }
    };
  }

  private static Map<String, Secret> headers(
      Map<String, String> raw, Secrets secrets, Entry entry) {
    Map<String, Secret> headers = new LinkedHashMap<>();
    raw.forEach(
        (name, value) -> {
          if (!HEADER_NAME.matcher(name).matches()) {
            entry.problem("header " + name + " is no header name: use letters, digits and dashes");
          } else if (TAKEN.contains(name.toLowerCase(Locale.ROOT))) {
            entry.problem("header " + name + " is set by the call itself: leave it out");
          } else if (!value.isEmpty() && !HEADER_VALUE.matcher(value).matches()) {
            entry.problem(
                "header " + name + " holds a character that no header may carry: mend it");
          } else if (SecretSource.isReference(value) || SECRET_HEADER.matcher(name).find()) {
            Secret secret = value.isEmpty() ? null : secrets.of("header " + name, "", value);
            if (secret != null) {
              headers.put(name, secret);
            }
          } else if (!value.isEmpty()) {
            headers.put(name, new Secret(value));
          }
        });
    return Map.copyOf(headers);
  }

  /**
   * OpenAI and the dialects that are translated know {@code safety_identifier}; OpenRouter, and
   * others that are like OpenAI once it is switched on, know {@code user}.
   */
  private static @Nullable String tenantField(Dialect dialect, ProviderEntry raw, Entry entry) {
    String name = Objects.requireNonNullElse(Entry.text(raw.providerName()), "");
    boolean likeOpenAi = dialect == Dialect.OPENAI && !name.equals("openai");
    boolean known = dialect != Dialect.LOCAL && (!likeOpenAi || name.equals("openrouter"));
    if (!entry.onOff("tenant-metadata", raw.tenantMetadata(), known) || dialect == Dialect.LOCAL) {
      return null;
    }
    return likeOpenAi ? "user" : "safety_identifier";
  }

  private static BreakerSettings breaker(BreakerEntry raw, Entry entry) {
    int minimum = entry.count("minimum-calls", raw.minimumCalls(), 20, 1, 100_000);
    int window = entry.count("sliding-window", raw.slidingWindow(), 100, 1, 100_000);
    if (minimum > window) {
      entry.problem(
          "minimum-calls (%d) is more than sliding-window (%d): it would never open"
              .formatted(minimum, window));
    }
    return new BreakerSettings(
        entry.count("failure-rate-threshold", raw.failureRateThreshold(), 50, 1, 100),
        minimum,
        window,
        entry.duration("open-for", raw.openFor(), HALF_A_MINUTE));
  }
}
