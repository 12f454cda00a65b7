package dev.serai.secret;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/**
 * A store of secrets on 127.0.0.1 that speaks the wire protocol of one that exists, and checks who
 * asks.
 */
public final class StubServer implements AutoCloseable {

  /** How one request is answered. */
  interface Protocol {
    Answer answer(Request request) throws Exception;
  }

  record Request(
      String method, String path, String query, Map<String, String> headers, String body) {
    String header(String lowerCaseName) {
      return headers.getOrDefault(lowerCaseName, "");
    }
  }

  record Answer(int status, String json) {}

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, String> kept = new ConcurrentHashMap<>();
  private volatile boolean away;

  private StubServer(HttpServer server) {
    this.server = server;
  }

  static StubServer start(java.util.function.Function<Map<String, String>, Protocol> protocol) {
    try {
      HttpServer http =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      StubServer server = new StubServer(http);
      Protocol spoken = protocol.apply(server.kept);
      http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      http.createContext("/", exchange -> server.answer(exchange, spoken));
      http.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A 1Password Connect server whose items are titles in the vault {@code serai}. */
  public static StubServer connect(String token) {
    return start(kept -> new ConnectProtocol(token, kept));
  }

  /** Without a slash at the end. */
  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Keeps a secret, in place of the one that was there. */
  public StubServer put(String name, String secret) {
    kept.put(name, secret);
    return this;
  }

  /** Answers 503 to everything from now on, or no longer. */
  public void away(boolean now) {
    away = now;
  }

  List<Request> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange, Protocol protocol) throws IOException {
    try (exchange) {
      Map<String, String> headers = new ConcurrentHashMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(java.util.Locale.ROOT), String.join(",", values)));
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              java.util.Objects.requireNonNullElse(exchange.getRequestURI().getQuery(), ""),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      requests.add(request);
      Answer answer = away ? new Answer(503, "{}") : answer(protocol, request);
      byte[] body = answer.json.getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(answer.status, body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private static Answer answer(Protocol protocol, Request request) {
    try {
      return protocol.answer(request);
    } catch (Exception e) {
      return new Answer(500, "{\"message\":\"" + e.getClass().getSimpleName() + "\"}");
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
