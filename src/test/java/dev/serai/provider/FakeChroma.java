package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A collection of a vector database on 127.0.0.1 that takes what Chroma's {@code add} takes (API
 * v2, {@code AddCollectionRecordsPayload}) and refuses anything else with 422, as Chroma does.
 */
public final class FakeChroma implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADD =
      "/api/v2/tenants/default_tenant/databases/default_database/collections/c1/add";

  private final Map<String, float[]> held = new ConcurrentHashMap<>();
  private final HttpServer server;

  private FakeChroma(HttpServer server) {
    this.server = server;
    server.createContext(ADD, this::add);
    server.start();
  }

  /** An empty collection. */
  public static FakeChroma start() {
    try {
      return new FakeChroma(
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where records are added. */
  public String addUrl() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + ADD;
  }

  /** What was added, by id. */
  public Map<String, float[]> held() {
    return held;
  }

  private void add(HttpExchange exchange) throws IOException {
    String problem;
    try {
      problem = take(JSON.readTree(exchange.getRequestBody().readAllBytes()));
    } catch (IOException e) {
      problem = "no JSON";
    }
    byte[] answer =
        (problem == null ? "{}" : "{\"error\":\"" + problem + "\"}")
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(problem == null ? 201 : 422, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
  }

  /** What is wrong; null when all was taken. */
  private String take(JsonNode body) {
    JsonNode ids = body.path("ids");
    JsonNode embeddings = body.path("embeddings");
    if (!ids.isArray() || ids.isEmpty() || ids.size() != embeddings.size()) {
      return "ids and embeddings must be lists of the same length";
    }
    Map<String, float[]> taken = new LinkedHashMap<>();
    int dimensions = embeddings.path(0).size();
    for (int i = 0; i < ids.size(); i++) {
      JsonNode embedding = embeddings.get(i);
      if (!ids.get(i).isTextual() || !embedding.isArray() || embedding.isEmpty()) {
        return "an embedding is a list of numbers";
      }
      if (embedding.size() != dimensions) {
        return "embeddings differ in their dimensions";
      }
      float[] vector = new float[dimensions];
      for (int j = 0; j < dimensions; j++) {
        if (!embedding.get(j).isNumber() || !Float.isFinite(embedding.get(j).floatValue())) {
          return "an embedding holds what is no number";
        }
        vector[j] = embedding.get(j).floatValue();
      }
      taken.put(ids.get(i).asText(), vector);
    }
    held.putAll(taken);
    return null;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
