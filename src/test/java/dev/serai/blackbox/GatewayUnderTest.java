package dev.serai.blackbox;

import static org.awaitility.Awaitility.await;

import dev.serai.SeraiApplication;
import dev.serai.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The whole gateway on a free port with a home of its own; its targets {@code openai} and {@code
 * openrouter} are two {@link FakeProvider}s. Target {@code anthropic} is the second one too, for
 * tests that give it a key ({@link #ANTHROPIC}).
 */
final class GatewayUnderTest implements AutoCloseable {
  static final String KEY = "sk-serai-dev";
  static final String ADMIN_KEY = TestKeys.secret("admin-key-of-the-tests");
  static final String PROVIDER_KEY = TestKeys.secret("sk-provider-key-of-the-tests");
  static final String MODEL = "openai/gpt-4o-mini";

  /**
   * The properties of a gateway that also has a key for {@code anthropic}, and a role {@code
   * claude-first} whose second target is {@link #MODEL}.
   */
  static final Map<String, String> ANTHROPIC =
      Map.of(
          "serai.providers.anthropic.api-key",
          PROVIDER_KEY,
          "serai.roles.claude-first.description",
          "Asks Claude first",
          "serai.roles.claude-first.targets[0]",
          "anthropic/claude-haiku-4-5",
          "serai.roles.claude-first.targets[1]",
          MODEL,
          "serai.roles.claude-first.temperature",
          "0.1",
          "serai.roles.claude-first.max-output-tokens",
          "700");

  /** For {@link #ask(String, String)}. */
  static final String STREAM = "\"stream\":true";

  private static final Map<Map<String, String>, GatewayUnderTest> SHARED =
      new ConcurrentHashMap<>();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final FakeProvider provider;
  private final FakeProvider second;
  private final Path home;
  private final ConfigurableApplicationContext context;
  private final JdbcTemplate jdbc;

  private GatewayUnderTest(
      Path home, FakeProvider provider, FakeProvider second, Map<String, String> properties) {
    this.home = home;
    this.provider = provider;
    this.second = second;
    Map<String, String> all = new LinkedHashMap<>();
    all.put("server.port", "0");
    all.put("server.address", "127.0.0.1");
    all.put("serai.home", home.toString());
    all.put("serai.admin-key", ADMIN_KEY);
    all.put("serai.retry.base-delay", "1ms");
    all.put("serai.files.enabled", "false");
    all.put("USE_ONEPASSWORD", "false");
    target(all, "openai", provider);
    target(all, "openrouter", second);
    target(all, "anthropic", second);
    all.put("serai.providers.anthropic.base-url", second.baseUrl().replace("/v1", ""));
    all.put("serai.providers.anthropic.api-key", "");
    target(all, "bedrock", provider);
    all.put("serai.providers.bedrock.base-url", provider.baseUrl().replace("/v1", ""));
    all.put("serai.providers.bedrock.api-key", "");
    all.putAll(properties);
    context =
        new SpringApplicationBuilder(SeraiApplication.class)
            // What is shared ends with the JVM; to close it all then takes half a minute.
            .registerShutdownHook(false)
            .run(
                all.entrySet().stream()
                    .map(property -> "--" + property.getKey() + "=" + property.getValue())
                    .toArray(String[]::new));
    jdbc = new JdbcTemplate(context.getBean(DataSource.class));
  }

  private static void target(Map<String, String> all, String id, FakeProvider provider) {
    String prefix = "serai.providers." + id + ".";
    all.put(prefix + "base-url", provider.baseUrl());
    all.put(prefix + "api-key", PROVIDER_KEY);
    all.put(prefix + "attempt-timeout", "10s");
    // Tests of failures must not open the breaker for the tests that follow.
    all.put(prefix + "breaker.minimum-calls", "1000");
    all.put(prefix + "breaker.sliding-window", "1000");
  }

  /** A gateway that all tests with the same properties share; its providers are as new. */
  static GatewayUnderTest shared(Map<String, String> properties) {
    GatewayUnderTest gateway = SHARED.computeIfAbsent(properties, GatewayUnderTest::start);
    gateway.provider.reset();
    gateway.second.reset();
    return gateway;
  }

  /** A gateway with a new home and new providers. */
  static GatewayUnderTest start(Map<String, String> properties) {
    try {
      Path homes = Files.createDirectories(Path.of("target", "homes").toAbsolutePath());
      Path home = Files.createTempDirectory(homes, "home");
      return new GatewayUnderTest(home, FakeProvider.start(), FakeProvider.start(), properties);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stops this gateway, but not its providers, and starts another on the same home. */
  GatewayUnderTest restarted(Map<String, String> properties) {
    context.close();
    return new GatewayUnderTest(home, provider, second, properties);
  }

  /** What target {@code openai} calls. */
  FakeProvider provider() {
    return provider;
  }

  /** What the targets {@code openrouter} and {@code anthropic} call. */
  FakeProvider second() {
    return second;
  }

  Path home() {
    return home;
  }

  /** One of the gateway's own parts, to break it. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  int port() {
    return Integer.parseInt(
        Objects.requireNonNull(context.getEnvironment().getProperty("local.server.port")));
  }

  /** A request to the admin API. */
  HttpRequest.Builder admin(String path) {
    return request(path).setHeader("Authorization", "Bearer " + ADMIN_KEY);
  }

  /** A meter's value on {@code /actuator/prometheus}; 0 while it is not there. */
  double meter(String nameAndTags) {
    return get("/actuator/prometheus")
        .text()
        .lines()
        .filter(line -> line.startsWith(nameAndTags + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(nameAndTags.length() + 1)))
        .sum();
  }

  /** A request to this path with the development key; headers as name, value, name, value. */
  HttpRequest.Builder request(String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .header("Authorization", "Bearer " + KEY);
    return headers.length == 0 ? request : request.headers(headers);
  }

  Answer send(HttpRequest.Builder request) {
    return Answer.of(exchange(request.build(), BodyHandlers.ofByteArray()));
  }

  Answer get(String path, String... headers) {
    return send(request(path, headers));
  }

  /** A chat completion, read to its end. */
  Answer chat(String json, String... headers) {
    return send(chatRequest(json, headers));
  }

  /** A JSON body to this path. */
  Answer post(String path, String json, String... headers) {
    return send(
        request(path, headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** A chat completion, read event by event. */
  SseStream stream(String json, String... headers) {
    HttpResponse<InputStream> response =
        exchange(chatRequest(json, headers).build(), BodyHandlers.ofInputStream());
    return new SseStream(response);
  }

  private HttpRequest.Builder chatRequest(String json, String... headers) {
    return request("/v1/chat/completions", headers)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json));
  }

  private static <T> HttpResponse<T> exchange(
      HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      try {
        return CLIENT.send(request, handler);
      } catch (IOException e) {
        // A kept connection that the server was closing: RFC 9110 lets what is idempotent come
        // again.
        if (request.method().equals("POST")
            || !String.valueOf(e.getMessage()).contains("received no bytes")) {
          throw e;
        }
        return CLIENT.send(request, handler);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** How many rows the ledger has. */
  long ledgerSize() {
    return Objects.requireNonNull(
        jdbc.queryForObject("select count(*) from llm_usage", Long.class));
  }

  /** The rows of one request by attempt, as they are now. */
  List<LedgerRow> ledger(String requestId) {
    return jdbc
        .queryForList("select * from llm_usage where request_id = ? order by attempt", requestId)
        .stream()
        .map(LedgerRow::of)
        .toList();
  }

  /** The rows of one request as soon as there is one and none is open; waits ten seconds. */
  List<LedgerRow> settledLedger(String requestId) {
    await()
        .alias("settlement of " + requestId)
        .atMost(Duration.ofSeconds(10))
        .until(
            () -> {
              List<LedgerRow> rows = ledger(requestId);
              return !rows.isEmpty() && rows.stream().noneMatch(row -> row.state().equals("open"));
            });
    return ledger(requestId);
  }

  /** Stops the gateway and its providers. */
  @Override
  public void close() {
    context.close();
    provider.close();
    second.close();
  }

  /** A request for {@link #MODEL} with one user message. */
  static String ask(String text) {
    return ask(text, "");
  }

  /** As {@link #ask(String)} with more fields, such as {@code "\"stream\":true"}. */
  static String ask(String text, String fields) {
    return "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]}"
        .formatted(MODEL, fields.isEmpty() ? "" : fields + ",", text);
  }
}
