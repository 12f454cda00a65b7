package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.budget.Budgets;
import dev.serai.catalog.Catalog;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.limit.Limits;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.GatewayKey;
import dev.serai.tenant.KeySecret;
import dev.serai.tenant.KeyStore;
import dev.serai.tenant.StoredKey;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Makes, lists, rotates and revokes a tenant's gateway keys. */
@RestController
@RequestMapping("/admin/v1/tenants/{tenant}/keys")
final class KeyController {

  private static final int LONGEST_NAME = 200;
  private static final int LONGEST_ID = 32;

  private final KeyStore keys;
  private final TenantAccess access;
  private final ConfiguredTenants configuration;
  private final Catalog catalog;
  private final Changes changes;
  private final Limits limits;
  private final Budgets budgets;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();

  KeyController(
      KeyStore keys,
      TenantAccess access,
      ConfiguredTenants configuration,
      Catalog catalog,
      Changes changes,
      Limits limits,
      Budgets budgets,
      Clock clock) {
    this.keys = keys;
    this.access = access;
    this.configuration = configuration;
    this.catalog = catalog;
    this.changes = changes;
    this.limits = limits;
    this.budgets = budgets;
    this.clock = clock;
  }

  /** Makes one: {@code {"name","roles","models","expires_at"}}; shows it this once. */
  @PostMapping
  ResponseEntity<byte[]> create(@PathVariable String tenant, HttpServletRequest request)
      throws IOException {
    AdminBody body = AdminBody.read(request, "name", "roles", "models", "expires_at");
    Instant now = now();
    String name = body.text("name", LONGEST_NAME);
    KeySecret secret = KeySecret.random(random);
    StoredKey made =
        new StoredKey(
            KeySecret.randomId(random),
            tenant,
            name == null ? "" : name,
            secret.prefix(),
            allowed(body),
            AdminTime.future(body, "expires_at", now),
            null,
            now);
    changes.make(
        () -> {
          access.writable(tenant);
          keys.insert(made, secret.hash());
          return Changed.by(request, Kind.GATEWAY_KEY, "create", made.id(), null, json(made));
        });
    return AdminJson.created(shown(made, secret));
  }

  /** Lists them, the oldest first; none is shown again. */
  @GetMapping
  ResponseEntity<byte[]> list(@PathVariable String tenant) {
    ObjectNode root = AdminJson.object();
    ArrayNode data = root.putArray("data");
    if (configuration.tenant(tenant) == null) {
      access.stored(tenant);
    }
    configuration.keysOf(tenant).forEach(key -> data.add(json(key)));
    keys.list(tenant).forEach(key -> data.add(json(key)));
    return AdminJson.ok(root);
  }

  /**
   * Makes a key like this one, which ends after {@code overlap} (an ISO 8601 duration) or {@code
   * overlap_seconds}; an hour unless one is given.
   */
  @PostMapping("/{id}/rotate")
  ResponseEntity<byte[]> rotate(
      @PathVariable String tenant, @PathVariable String id, HttpServletRequest request)
      throws IOException {
    AdminBody body = AdminBody.read(request, "overlap", "overlap_seconds", "expires_at");
    Instant now = now();
    Instant oldEnds = now.plus(Overlap.of(body));
    Instant newEnds = AdminTime.future(body, "expires_at", now);
    KeySecret secret = KeySecret.random(random);
    String newId = KeySecret.randomId(random);
    ObjectNode answer = AdminJson.object();
    changes.make(
        () -> {
          access.writable(tenant);
          StoredKey old = rotatable(tenant, id, now);
          StoredKey made =
              new StoredKey(
                  newId,
                  tenant,
                  old.name(),
                  secret.prefix(),
                  old.allowed(),
                  newEnds == null ? old.expiresAt() : newEnds,
                  null,
                  now);
          keys.insert(made, secret.hash());
          keys.replace(id, earlier(oldEnds, old.expiresAt()), newId);
          limits.copyKey(id, newId);
          budgets.copyKey(id, newId);
          ObjectNode replaced = json(require(keys.lock(tenant, id)));
          answer.setAll(shown(made, secret));
          answer.set("replaces", replaced);
          ObjectNode after = replaced.deepCopy();
          after.set("replacement", json(made));
          return Changed.by(request, Kind.GATEWAY_KEY, "rotate", id, json(old), after);
        });
    return AdminJson.created(answer);
  }

  /** Revokes it, at once. */
  @DeleteMapping("/{id}")
  ResponseEntity<byte[]> revoke(
      @PathVariable String tenant, @PathVariable String id, HttpServletRequest request) {
    refuseConfigured(tenant, id);
    changes.make(
        () -> {
          StoredKey old = existing(tenant, id);
          keys.delete(id);
          limits.forgetKey(id);
          budgets.forgetKey(id);
          return Changed.by(request, Kind.GATEWAY_KEY, "revoke", id, json(old), null);
        });
    return AdminJson.noContent();
  }

  private void refuseConfigured(String tenant, String id) {
    if (configuration.keysOf(tenant).stream().anyMatch(key -> key.id().equals(id))) {
      access.writable(tenant);
    }
  }

  private StoredKey rotatable(String tenant, String id, Instant now) {
    StoredKey old = existing(tenant, id);
    if (old.replacedBy() != null) {
      throw conflict("This key was rotated already: rotate the one in its replaced_by.");
    }
    if (old.expiresAt() != null && !now.isBefore(old.expiresAt())) {
      throw conflict("This key has expired: make a new one.");
    }
    return old;
  }

  private StoredKey existing(String tenant, String id) {
    return require(
        AdminBody.plain(tenant, LONGEST_NAME) && AdminBody.plain(id, LONGEST_ID)
            ? keys.lock(tenant, id)
            : null);
  }

  private static StoredKey require(@Nullable StoredKey key) {
    if (key == null) {
      throw new ApiException(
          ApiError.notFound(
              "There is no such key: GET /admin/v1/tenants/<tenant>/keys lists a tenant's keys."));
    }
    return key;
  }

  private static ApiException conflict(String message) {
    return new ApiException(ApiError.conflict(message, null, "not_rotatable"));
  }

  private List<String> allowed(AdminBody body) {
    List<String> names =
        Stream.of("roles", "models").flatMap(field -> checked(body, field)).distinct().toList();
    boolean asked = body.has("roles") || body.has("models");
    if (asked && names.isEmpty()) {
      throw AdminBody.wrong(
          "roles", "This key could ask for nothing: name roles or models, or leave both out.");
    }
    return names;
  }

  private Stream<String> checked(AdminBody body, String field) {
    List<String> names = body.names(field);
    for (int i = 0; i < names.size(); i++) {
      if (catalog.role(names.get(i)) == null && catalog.resolve(names.get(i)).isEmpty()) {
        throw AdminBody.wrong(
            field,
            "Number %d of %s is no role, model or target: GET /v1/models lists what can be named."
                .formatted(i + 1, field));
      }
    }
    return names.stream();
  }

  private static Instant earlier(Instant one, @Nullable Instant other) {
    return other == null || one.isBefore(other) ? one : other;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static ObjectNode shown(StoredKey made, KeySecret secret) {
    return json(made).put("key", secret.key());
  }

  private static ObjectNode json(StoredKey key) {
    ObjectNode node =
        AdminJson.object()
            .put("id", key.id())
            .put("tenant", key.tenantId())
            .put("name", key.name())
            .put("prefix", key.prefix());
    ArrayNode roles = node.putArray("roles");
    key.allowed().forEach(roles::add);
    return node.put("expires_at", text(key.expiresAt()))
        .put("replaced_by", key.replacedBy())
        .put("source", "database")
        .put("created_at", key.createdAt().toString());
  }

  private static ObjectNode json(GatewayKey configured) {
    ObjectNode node =
        AdminJson.object()
            .put("id", configured.id())
            .put("tenant", configured.tenant().id())
            .put("name", "")
            .putNull("prefix");
    node.putArray("roles");
    return node.putNull("expires_at")
        .putNull("replaced_by")
        .put("source", "configuration")
        .putNull("created_at");
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }

  /** How long an old key works beside its replacement. */
  private static final class Overlap {
    private static final Duration USUAL = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    static Duration of(AdminBody body) {
      Long seconds = body.number("overlap_seconds", 0, LONGEST.toSeconds());
      String text = body.text("overlap", LONGEST_ID);
      if (seconds != null && text != null) {
        throw AdminBody.wrong("overlap", "Send overlap or overlap_seconds, not both.");
      }
      if (seconds != null) {
        return Duration.ofSeconds(seconds);
      }
      return text == null ? USUAL : parsed(text);
    }

    private static Duration parsed(String text) {
      try {
        Duration overlap = Duration.parse(text);
        if (!overlap.isNegative() && overlap.compareTo(LONGEST) <= 0) {
          return overlap;
        }
      } catch (java.time.DateTimeException | ArithmeticException e) {
        // Told below.
      }
      throw AdminBody.wrong("overlap", "Give overlap as PT1H, from PT0S to P30D.");
    }
  }
}
