package dev.serai.blackbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.tenant.GatewayKey;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A gateway with tenants that bring keys of their own: {@code trial} on the platform's account
 * unless it has one, {@code acme} and {@code zeta} always on their own.
 */
final class KeyBringers {
  static final String MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
  static final List<String> TENANTS = List.of("trial", "acme", "zeta");

  /** Asks {@link GatewayUnderTest#MODEL} first, then the other provider. */
  static final String ROLE = "both";

  final GatewayUnderTest gateway;

  private KeyBringers(GatewayUnderTest gateway) {
    this.gateway = gateway;
  }

  /** One that is shared, in which no tenant has a key of its own. */
  static KeyBringers fresh() {
    return fresh(settings());
  }

  /** The same with other settings. */
  static KeyBringers fresh(Map<String, String> settings) {
    KeyBringers tenancy = new KeyBringers(GatewayUnderTest.shared(settings));
    for (String tenant : TENANTS) {
      tenancy
          .list(tenant)
          .json()
          .path("data")
          .forEach(each -> tenancy.delete(tenant, each.path("provider").asText()));
    }
    return tenancy;
  }

  static KeyBringers of(GatewayUnderTest gateway) {
    return new KeyBringers(gateway);
  }

  static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    for (String tenant : TENANTS) {
      String prefix = "serai.tenants." + tenant + ".";
      settings.put(prefix + "tier", tenant.equals("trial") ? "trial" : "standard");
      settings.put(prefix + "key-sha256[0]", GatewayKey.hashOf(key(tenant)));
    }
    settings.put("serai.credentials.master-key", MASTER_KEY);
    settings.put("serai.credentials.rotate-every", "100ms");
    settings.put("serai.providers.bedrock.region", "eu-central-1");
    settings.put("serai.providers.openai.headers.OpenAI-Organization", "org-of-the-platform");
    settings.put("serai.roles." + ROLE + ".description", "Has somebody to fall back to");
    settings.put("serai.roles." + ROLE + ".targets[0]", GatewayUnderTest.MODEL);
    settings.put("serai.roles." + ROLE + ".targets[1]", "openrouter/mistralai/mistral-small");
    settings.put("serai.roles." + ROLE + ".cache", "off");
    settings.put("serai.cache.mode", "off");
    return settings;
  }

  /** The gateway key of a tenant. */
  static String key(String tenant) {
    return "gateway-key-of-" + tenant;
  }

  Answer put(String tenant, String provider, String json) {
    return gateway.send(
        gateway
            .admin("/admin/v1/tenants/" + tenant + "/credentials/" + provider)
            .header("Content-Type", "application/json")
            .PUT(BodyPublishers.ofString(json)));
  }

  /** Stores an API key. */
  void store(String tenant, String provider, String key) {
    Answer answer = put(tenant, provider, "{\"api_key\":\"" + key + "\"}");
    assertThat(answer.status()).as(answer.text()).isEqualTo(204);
  }

  Answer delete(String tenant, String provider) {
    return gateway.send(
        gateway.admin("/admin/v1/tenants/" + tenant + "/credentials/" + provider).DELETE());
  }

  Answer list(String tenant) {
    return gateway.send(gateway.admin("/admin/v1/tenants/" + tenant + "/credentials"));
  }

  /** A chat of a tenant. */
  Answer chat(String tenant, String model) {
    return chat(tenant, model, "");
  }

  /** A chat of a tenant with more fields, each with a comma behind it. */
  Answer chat(String tenant, String model, String fields) {
    return post(
        tenant,
        "/v1/chat/completions",
        "{\"model\":\"%s\",%s\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
            .formatted(model, fields));
  }

  Answer post(String tenant, String path, String json) {
    return gateway.send(
        gateway
            .request(path)
            .setHeader("Authorization", "Bearer " + key(tenant))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  /** Who paid for the attempts of a request, as the usage rows have it. */
  List<String> accounts(Answer answer) {
    gateway.settledLedger(answer.requestId());
    Answer rows =
        gateway.send(gateway.admin("/admin/v1/usage/rows?request_id=" + answer.requestId()));
    return rows.json().path("data").findValuesAsText("account").reversed();
  }
}
