package dev.serai.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.limit.Limits;
import dev.serai.tenant.ConfiguredTenants;
import dev.serai.tenant.StoredTenant;
import dev.serai.tenant.Tenant;
import dev.serai.tenant.TenantData;
import dev.serai.tenant.TenantStore;
import dev.serai.tenant.Tenants;
import dev.serai.tenant.Tier;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Makes, shows, changes and deletes tenants. */
@RestController
@RequestMapping("/admin/v1/tenants")
final class TenantController {

  private static final int LONGEST_ID = 64;
  private static final int LONGEST_NAME = 200;
  private static final int MOST_OF_A_PAGE = 1000;

  private final TenantStore store;
  private final TenantAccess access;
  private final ConfiguredTenants configuration;
  private final Changes changes;
  private final List<TenantData> belongings;
  private final Limits limits;
  private final Clock clock;

  TenantController(
      TenantStore store,
      TenantAccess access,
      ConfiguredTenants configuration,
      Changes changes,
      List<TenantData> belongings,
      Limits limits,
      Clock clock) {
    this.store = store;
    this.access = access;
    this.configuration = configuration;
    this.changes = changes;
    this.belongings = belongings;
    this.limits = limits;
    this.clock = clock;
  }

  /** Makes one: {@code {"id","name","tier"}}. */
  @PostMapping
  ResponseEntity<byte[]> create(HttpServletRequest request) throws IOException {
    AdminBody body = AdminBody.read(request, "id", "name", "tier");
    String id = newId(body.required("id", LONGEST_ID));
    String name = body.text("name", LONGEST_NAME);
    Tier tier = tier(body);
    Instant now = now();
    Tenant tenant = new Tenant(id, name == null ? id : name, tier == null ? Tier.TRIAL : tier, 0);
    StoredTenant made = new StoredTenant(tenant, now, now);
    try {
      changes.make(
          () -> {
            store.insert(made);
            belongings.forEach(each -> each.forget(id));
            return Changed.by(request, Kind.TENANT, "create", id, null, json(made));
          });
    } catch (DuplicateKeyException e) {
      throw taken();
    }
    return AdminJson.created(json(made));
  }

  /** Lists them by id, those of the configuration first; {@code next} is the next page's cursor. */
  @GetMapping
  ResponseEntity<byte[]> list(
      @RequestParam(required = false) @Nullable String cursor,
      @RequestParam(defaultValue = "100") int limit) {
    if (cursor != null && !Tenant.validId(cursor)) {
      throw AdminBody.wrong("cursor", "Give as cursor what next of the page before says.");
    }
    int most = Math.clamp(limit, 1, MOST_OF_A_PAGE);
    ObjectNode root = AdminJson.object();
    ArrayNode data = root.putArray("data");
    if (cursor == null) {
      configuration.all().forEach(tenant -> data.add(json(tenant)));
    }
    List<StoredTenant> stored = store.list(cursor, most + 1);
    List<StoredTenant> page = stored.size() > most ? stored.subList(0, most) : stored;
    page.stream()
        .filter(each -> configuration.tenant(each.tenant().id()) == null)
        .forEach(each -> data.add(json(each)));
    root.put("next", stored.size() > most ? page.getLast().tenant().id() : null);
    return AdminJson.ok(root);
  }

  /** Shows one. */
  @GetMapping("/{id}")
  ResponseEntity<byte[]> show(@PathVariable String id) {
    Tenant configured = configuration.tenant(id);
    return AdminJson.ok(configured == null ? json(access.stored(id)) : json(configured));
  }

  /** Changes its name, its tier, or both. */
  @PatchMapping("/{id}")
  ResponseEntity<byte[]> update(@PathVariable String id, HttpServletRequest request)
      throws IOException {
    AdminBody body = AdminBody.read(request, "name", "tier");
    String name = body.text("name", LONGEST_NAME);
    Tier tier = tier(body);
    if (name == null && tier == null) {
      throw AdminBody.wrong("name", "Nothing is to be changed: send name, tier or both.");
    }
    StoredTenant[] after = new StoredTenant[1];
    changes.make(
        () -> {
          StoredTenant before = access.writable(id);
          Tenant was = before.tenant();
          Tenant is =
              new Tenant(id, name == null ? was.name() : name, tier == null ? was.tier() : tier, 0);
          after[0] = new StoredTenant(is, before.createdAt(), now());
          store.update(after[0]);
          return Changed.by(request, Kind.TENANT, "update", id, json(before), json(after[0]));
        });
    return AdminJson.ok(json(after[0]));
  }

  /** Deletes it with all that is kept of it, except its rows in the ledger and in the audit. */
  @DeleteMapping("/{id}")
  ResponseEntity<byte[]> delete(@PathVariable String id, HttpServletRequest request) {
    changes.make(
        () -> {
          StoredTenant before = access.writable(id);
          belongings.forEach(each -> each.forget(id));
          // Not when one is made: what was set for it before is meant for it.
          limits.forgetTenant(id);
          store.delete(id);
          return Changed.by(request, Kind.TENANT, "delete", id, json(before), null);
        });
    return AdminJson.noContent();
  }

  private String newId(String id) {
    if (!Tenant.validId(id)) {
      throw AdminBody.wrong("id", "Use 1 to 64 of A-Z a-z 0-9 . _ - as the tenant's id.");
    }
    if (id.equals(Tenants.DEV.id())) {
      throw AdminBody.wrong("id", "That is the tenant of the development key: take another id.");
    }
    if (configuration.tenant(id) != null) {
      throw taken();
    }
    return id;
  }

  private static ApiException taken() {
    return new ApiException(
        ApiError.conflict("There is a tenant of that id: take another.", "id", "already_exists"));
  }

  private static @Nullable Tier tier(AdminBody body) {
    String text = body.text("tier", LONGEST_ID);
    if (text == null) {
      return null;
    }
    return switch (text) {
      case "trial" -> Tier.TRIAL;
      case "standard" -> Tier.STANDARD;
      default -> throw AdminBody.wrong("tier", "Give tier as trial or standard.");
    };
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private static ObjectNode json(Tenant configured) {
    return AdminJson.object()
        .put("id", configured.id())
        .put("name", configured.name())
        .put("tier", configured.tier().name().toLowerCase(Locale.ROOT))
        .put("source", "configuration")
        .putNull("created_at")
        .putNull("updated_at");
  }

  private static ObjectNode json(StoredTenant stored) {
    return json(stored.tenant())
        .put("source", "database")
        .put("created_at", stored.createdAt().toString())
        .put("updated_at", stored.updatedAt().toString());
  }
}
