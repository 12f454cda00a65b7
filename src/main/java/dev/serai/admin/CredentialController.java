package dev.serai.admin;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.catalog.Catalog;
import dev.serai.catalog.Credential;
import dev.serai.catalog.Provider;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.tenant.Tenants;
import dev.serai.tenant.credential.CredentialForm;
import dev.serai.tenant.credential.Credentials;
import dev.serai.tenant.credential.Rotation;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** What tenants pay providers with: stored, listed, taken away, never shown. */
@RestController
@RequestMapping("/admin/v1")
final class CredentialController {

  private final Catalog catalog;
  private final Tenants tenants;
  private final Credentials credentials;
  private final Rotation rotation;

  CredentialController(
      Catalog catalog, Tenants tenants, Credentials credentials, Rotation rotation) {
    this.catalog = catalog;
    this.tenants = tenants;
    this.credentials = credentials;
    this.rotation = rotation;
  }

  /** Stores one in place of what is there. */
  @PutMapping("/tenants/{tenant}/credentials/{provider}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void put(@PathVariable String tenant, @PathVariable String provider, HttpServletRequest request)
      throws IOException {
    requireTenant(tenant);
    Provider known = provider(provider);
    Credential credential = CredentialForm.read(known, fields(request));
    try {
      credentials.store(AdminGate.actor(request), tenant, known, credential);
    } finally {
      credential.erase();
    }
  }

  /** Takes one away, also that of a provider that is configured no longer. */
  @DeleteMapping("/tenants/{tenant}/credentials/{provider}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void delete(
      @PathVariable String tenant, @PathVariable String provider, HttpServletRequest request) {
    requireTenant(tenant);
    if (!credentials.delete(AdminGate.actor(request), tenant, provider)) {
      throw new ApiException(
          ApiError.notFound("This tenant has no credential of its own for that provider."));
    }
  }

  /** Those of a tenant, without what is secret. */
  @GetMapping("/tenants/{tenant}/credentials")
  Map<String, Object> list(@PathVariable String tenant) {
    requireTenant(tenant);
    return Map.of(
        "data", credentials.list(tenant).stream().map(CredentialController::shown).toList());
  }

  private static Map<String, Object> shown(Credentials.Listed listed) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("provider", listed.provider());
    shown.put("kind", listed.kind());
    shown.put("hint", listed.hint());
    shown.put("created_at", listed.createdAt().toString());
    shown.put("updated_at", listed.updatedAt().toString());
    return shown;
  }

  /** How far the credentials are brought under the current key-encryption key. */
  @GetMapping("/credentials/rotation")
  Map<String, @Nullable Object> progress() {
    Rotation.Progress progress = rotation.progress();
    List<Rotation.Stuck> stuck = progress.unopenable();
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("key", progress.key());
    answer.put("done", progress.done());
    answer.put("left", progress.left());
    answer.put("unopenable", stuck.size());
    answer.put("unopenable_rows", stuck);
    return answer;
  }

  private void requireTenant(String id) {
    if (tenants.tenant(id) == null) {
      throw TenantAccess.unknown();
    }
  }

  private Provider provider(String id) {
    Provider provider = catalog.provider(id);
    if (provider == null) {
      throw new ApiException(
          ApiError.notFound("There is no such provider: config/providers.yaml has them."));
    }
    return provider;
  }

  /** The fields of the body; one that is null is as if it were not there. */
  private static Map<String, String> fields(HttpServletRequest request) {
    JsonNode json;
    try {
      json = AdminJson.MAPPER.readTree(AdminBody.bytes(request));
    } catch (IOException e) {
      throw unreadable();
    }
    if (json == null || !json.isObject()) {
      throw unreadable();
    }
    Map<String, String> fields = new HashMap<>();
    json.properties()
        .forEach(
            field -> {
              if (field.getValue().isTextual()) {
                fields.put(field.getKey(), field.getValue().asText());
              } else if (!field.getValue().isNull()) {
                throw unreadable();
              }
            });
    return fields;
  }

  /** Says nothing of what was sent. */
  private static ApiException unreadable() {
    return new ApiException(
        ApiError.invalidRequest(
            "Send a JSON object whose values are texts, such as {\"api_key\": \"…\"}.",
            null,
            null));
  }
}
