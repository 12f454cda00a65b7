package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged gateway in a process of its own, configured by its environment alone. */
final class SeraiProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Process process;
  private final Path console;
  private final int port;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private SeraiProcess(Process process, Path console, int port) {
    this.process = process;
    this.console = console;
    this.port = port;
  }

  /** Starts it with the JDK of the tests and waits until it is healthy, a minute at most. */
  static SeraiProcess start(Path jar, Path home, String providerUrl) throws IOException {
    return start(jar, home, providerUrl, Map.of());
  }

  /** As {@link #start(Path, Path, String)}, with more variables. */
  static SeraiProcess start(Path jar, Path home, String providerUrl, Map<String, String> variables)
      throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx400m",
            // A short life: it is not worth the better compiler.
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-jar",
            jar.toAbsolutePath().toString());
    builder.directory(home.toFile());
    builder.redirectErrorStream(true);
    Path console = home.resolve("console.txt");
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(console.toFile()));
    var environment = builder.environment();
    environment.put("SERVER_PORT", Integer.toString(port));
    environment.put("SERVER_ADDRESS", "127.0.0.1");
    environment.put("SERAI_HOME", home.toString());
    environment.put("SERAI_ADMIN_KEY", GatewayUnderTest.ADMIN_KEY);
    environment.put("OPENAI_BASE_URL", providerUrl);
    environment.put("OPENAI_API_KEY", GatewayUnderTest.PROVIDER_KEY);
    environment.put("USE_ONEPASSWORD", "false");
    environment.putAll(variables);
    SeraiProcess gateway = new SeraiProcess(builder.start(), console, port);
    await()
        .alias("the gateway's health, see " + console)
        .atMost(Duration.ofMinutes(1))
        .until(gateway::healthy);
    return gateway;
  }

  private boolean healthy() {
    assertThat(process.isAlive()).as("process is alive").isTrue();
    try {
      HttpRequest request = request("/actuator/health", GatewayUnderTest.KEY).build();
      return client.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A chat completion; an exception when the process went away under it. */
  String chat(String json, String... headers) throws IOException, InterruptedException {
    return post("/v1/chat/completions", json, headers);
  }

  /** The answer's body; an exception when the process went away under it. */
  String post(String path, String json, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(path, GatewayUnderTest.KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString()).body();
  }

  /** The status of a chat completion. */
  int status(String json) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request("/v1/chat/completions", GatewayUnderTest.KEY)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  /** The status of a GET with this key. */
  int status(String path, String key) throws IOException, InterruptedException {
    return client.send(request(path, key).build(), BodyHandlers.discarding()).statusCode();
  }

  /** What the admin API answers. */
  JsonNode admin(String method, String path, String json) throws IOException, InterruptedException {
    HttpRequest request =
        request(path, GatewayUnderTest.ADMIN_KEY)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(json))
            .build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body());
  }

  /** The messages of a conversation; a missing node when there is none. */
  JsonNode conversation(String id) throws IOException, InterruptedException {
    HttpRequest request = request("/v1/conversations/" + id, GatewayUnderTest.KEY).build();
    return JSON.readTree(client.send(request, BodyHandlers.ofString()).body()).path("messages");
  }

  /** All rows of the ledger, as the admin API lists them. */
  List<JsonNode> ledger() {
    List<JsonNode> rows = new ArrayList<>();
    JsonNode page = page("");
    page.path("data").forEach(rows::add);
    while (page.hasNonNull("next")) {
      page = page("&cursor=" + page.path("next").asText());
      page.path("data").forEach(rows::add);
    }
    return rows;
  }

  private JsonNode page(String cursor) {
    try {
      HttpRequest request =
          request("/admin/v1/usage/rows?limit=500" + cursor, GatewayUnderTest.ADMIN_KEY).build();
      var response = client.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return JSON.readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private HttpRequest.Builder request(String path, String key) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer " + key);
  }

  /** SIGKILL; returns when the process has ended, and fails if it wrote a key to its console. */
  void kill() {
    process.destroyForcibly().onExit().orTimeout(20, TimeUnit.SECONDS).join();
    client.shutdownNow();
    try {
      assertThat(TestKeys.in(console)).as("keys in %s", console).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
