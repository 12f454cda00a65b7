package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;

/** The admin API's part about tenants, as an operator uses it, and what callers can do then. */
record Tenancy(GatewayUnderTest gateway) {
  static final String TENANTS = "/admin/v1/tenants";

  Answer send(String method, String path, String json) {
    HttpRequest.Builder request = gateway.admin(path);
    return gateway.send(
        json.isEmpty()
            ? request.method(method, BodyPublishers.noBody())
            : request
                .header("Content-Type", "application/json")
                .method(method, BodyPublishers.ofString(json)));
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  Answer post(String path, String json) {
    return send("POST", path, json);
  }

  Answer delete(String path) {
    return send("DELETE", path, "");
  }

  /** Makes a tenant of that id. */
  void make(String id) {
    assertThat(post(TENANTS, "{\"id\":\"" + id + "\"}").status()).isEqualTo(201);
  }

  static String keys(String tenant) {
    return TENANTS + "/" + tenant + "/keys";
  }

  /** A new key of a tenant, as it is shown once. */
  JsonNode key(String tenant, String json) {
    Answer made = post(keys(tenant), json);
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json();
  }

  /** A new key of a tenant that may do anything. */
  String key(String tenant) {
    return key(tenant, "{}").path("key").asText();
  }

  /** {@code GET} with a gateway key. */
  Answer get(String path, String key) {
    return gateway.send(gateway.request(path).setHeader("Authorization", "Bearer " + key));
  }

  /** {@code POST} with a gateway key. */
  Answer post(String path, String json, String key) {
    return gateway.send(
        gateway
            .request(path)
            .setHeader("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  Answer models(String key) {
    return get("/v1/models", key);
  }

  Answer chat(String json, String key) {
    return post("/v1/chat/completions", json, key);
  }
}
