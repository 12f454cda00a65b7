package dev.serai.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.ledger.Change;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.TestDatabase;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DuplicateKeyException;

/** Tenants and keys on every database, and the directories of two replicas above it. */
abstract class TenantsContract {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");
  private static final String DEV = GatewayKey.nameOf(Tenants.DEV_KEY);

  @TempDir Path folder;
  private final List<Changes> replicas = new ArrayList<>();
  private final SecureRandom random = new SecureRandom();
  private final KeySecret secret = KeySecret.random(random);
  private final String name = GatewayKey.nameOf(secret.key());
  private Instant clock = NOW;
  private TestDatabase database;
  private TenantStore store;
  private KeyStore keys;
  private Changes changes;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void open() {
    database = database(folder);
    store = new TenantStore(database.jdbc());
    keys = new KeyStore(database.jdbc());
    changes = replica();
  }

  @AfterEach
  void close() {
    replicas.forEach(Changes::close);
    database.close();
  }

  private Changes replica() {
    Changes replica = database.changes(Duration.ofMillis(20));
    replicas.add(replica);
    return replica;
  }

  private Tenants directory(Changes heard, String... configured) {
    Map<String, TenantProperties.Entry> entries =
        configured.length == 0
            ? Map.of()
            : Map.of(
                configured[0], new TenantProperties.Entry("In file", Tier.STANDARD, List.of(), 7));
    return new Tenants(
        ConfiguredTenants.of(new TenantProperties(entries)), store, keys, heard, moving());
  }

  private Clock moving() {
    return new Clock() {
      @Override
      public Instant instant() {
        return clock;
      }

      @Override
      public ZoneOffset getZone() {
        return ZoneOffset.UTC;
      }

      @Override
      public Clock withZone(java.time.ZoneId zone) {
        return this;
      }
    };
  }

  private static StoredTenant tenant(String id, String name) {
    return new StoredTenant(new Tenant(id, name, Tier.TRIAL, 0), NOW, NOW);
  }

  private StoredKey key(String id, @Nullable Instant expiresAt, String... allowed) {
    return new StoredKey(id, "acme", "ci", secret.prefix(), List.of(allowed), expiresAt, null, NOW);
  }

  private void make(Kind kind, String subject, Runnable work) {
    changes.make(
        () -> {
          work.run();
          return new Change("admin-key", "test", kind, subject, null, null);
        });
  }

  private void makeAcme() {
    make(Kind.TENANT, "acme", () -> store.insert(tenant("acme", "Acme")));
  }

  private void makeKey(@Nullable Instant expiresAt, String... allowed) {
    make(Kind.GATEWAY_KEY, "k1", () -> keys.insert(key("k1", expiresAt, allowed), secret.hash()));
  }

  @Test
  void a_tenant_is_stored_as_it_is() {
    makeAcme();
    StoredTenant changed =
        new StoredTenant(
            new Tenant("acme", "Ácme \uD83D\uDC2B", Tier.STANDARD, 0), NOW, NOW.plusNanos(1_000));

    make(Kind.TENANT, "acme", () -> store.update(changed));

    assertThat(store.find("acme")).isEqualTo(changed);
    assertThat(store.find("ACME")).isNull();
  }

  @Test
  void an_id_is_taken_once() {
    makeAcme();

    assertThatThrownBy(this::makeAcme).isInstanceOf(DuplicateKeyException.class);
  }

  @Test
  void tenants_are_listed_in_pages_that_leave_none_out() {
    IntStream.range(0, 25)
        .mapToObj(i -> (i % 2 == 0 ? "a-" : "B_") + i)
        .forEach(id -> make(Kind.TENANT, id, () -> store.insert(tenant(id, id))));
    List<String> listed = new ArrayList<>();
    String after = null;
    List<StoredTenant> page;

    do {
      page = store.list(after, 10);
      page.forEach(each -> listed.add(each.tenant().id()));
      after = listed.getLast();
    } while (page.size() == 10);

    assertThat(listed).hasSize(25).doesNotHaveDuplicates();
  }

  @Test
  void a_key_is_stored_as_it_is_and_goes_with_its_tenant() {
    makeAcme();
    makeKey(NOW.plusSeconds(60), "rag", "openai/gpt-4o");

    assertThat(keys.list("acme"))
        .containsExactly(key("k1", NOW.plusSeconds(60), "rag", "openai/gpt-4o"));
    assertThat(keys.byHash(secret.hash()))
        .isEqualTo(
            new GatewayKey(
                "k1",
                secret.hash(),
                new Tenant("acme", "Acme", Tier.TRIAL, 0),
                Set.of("rag", "openai/gpt-4o"),
                NOW.plusSeconds(60)));
    assertThat(keys.lock("zeta", "k1")).isNull();

    make(Kind.TENANT, "acme", () -> store.delete("acme"));

    assertThat(keys.byHash(secret.hash())).isNull();
    assertThat(keys.list("acme")).isEmpty();
  }

  @Test
  void nothing_of_a_key_in_clear_is_stored() {
    makeAcme();
    makeKey(null);

    assertThat(database.jdbc().sql("SELECT * FROM gateway_keys").query().listOfRows().toString())
        .contains(secret.hash(), secret.prefix())
        .doesNotContain(secret.key());
  }

  @Test
  void the_development_key_ends_with_the_first_tenant_on_every_replica_and_for_ever() {
    Tenants here = directory(changes);
    Tenants there = directory(replica());
    assertThat(here.key(DEV)).isEqualTo(Tenants.DEV_GATEWAY_KEY);
    assertThat(there.key(DEV)).isEqualTo(Tenants.DEV_GATEWAY_KEY);
    assertThat(there.tenant("dev")).isEqualTo(Tenants.DEV);

    makeAcme();

    assertThat(here.key(DEV)).isNull();
    assertThat(here.configured()).isTrue();
    await().until(() -> there.key(DEV) == null && there.tenant("dev") == null);
    make(Kind.TENANT, "acme", () -> store.delete("acme"));
    assertThat(here.key(DEV)).isNull();
    assertThat(directory(replica()).key(DEV)).as("after a new start").isNull();
  }

  @Test
  void a_key_that_is_known_costs_no_query() {
    List<String> heard = new CopyOnWriteArrayList<>();
    changes.listen(Kind.GATEWAY_KEY, heard::add);
    makeAcme();
    makeKey(null);
    await().alias("when it was made and when it was read").until(() -> heard.size() == 2);
    Tenants directory = directory(changes);
    GatewayKey found = directory.key(name);
    Tenant tenant = directory.tenant("acme");
    database.close();

    assertThat(directory.key(name)).isEqualTo(found).isNotNull();
    assertThat(directory.tenant("acme")).isEqualTo(tenant).isNotNull();
    assertThat(directory.key(GatewayKey.nameOf("sk-serai-short"))).isNull();
    assertThat(directory.key(GatewayKey.nameOf("x".repeat(1 << 20)))).isNull();
    assertThatThrownBy(() -> directory.key(GatewayKey.nameOf(KeySecret.random(random).key())))
        .as("nobody knows whether there is such a key")
        .isInstanceOf(LedgerUnavailableException.class);
  }

  @Test
  void a_key_is_worth_nothing_on_any_replica_once_it_is_revoked() {
    makeAcme();
    makeKey(null);
    Tenants here = directory(changes);
    Tenants there = directory(replica());
    assertThat(here.key(name)).isNotNull();
    assertThat(there.key(name)).isNotNull();

    make(Kind.GATEWAY_KEY, "k1", () -> keys.delete("k1"));

    assertThat(here.key(name)).isNull();
    await().until(() -> there.key(name) == null);
  }

  @Test
  void a_key_ends_at_its_hour_though_it_was_looked_up_before() {
    makeAcme();
    makeKey(NOW.plusSeconds(60));
    Tenants directory = directory(changes);
    assertThat(directory.key(name)).isNotNull();

    clock = NOW.plusSeconds(59);
    assertThat(directory.key(name)).isNotNull();
    clock = NOW.plusSeconds(60);

    assertThat(directory.key(name)).isNull();
  }

  @Test
  void what_is_changed_of_a_tenant_is_seen_through_its_keys() {
    makeAcme();
    makeKey(null);
    Tenants there = directory(replica());
    assertThat(there.key(name)).isNotNull();
    Tenant renamed = new Tenant("acme", "New", Tier.STANDARD, 0);

    make(Kind.TENANT, "acme", () -> store.update(new StoredTenant(renamed, NOW, NOW)));

    await().until(() -> renamed.equals(there.tenant("acme")));
    await()
        .untilAsserted(
            () -> assertThat(there.key(name)).extracting(GatewayKey::tenant).isEqualTo(renamed));
  }

  @Test
  void the_configuration_goes_before_the_database() {
    makeAcme();
    makeKey(null);
    Tenants directory = directory(changes, "acme");
    Tenant inFile = new Tenant("acme", "In file", Tier.STANDARD, 7);

    assertThat(directory.tenant("acme")).isEqualTo(inFile);
    assertThat(directory.key(name))
        .isEqualTo(new GatewayKey("k1", secret.hash(), inFile, Set.of(), null));
    assertThat(directory.key(DEV)).isNull();
  }

  @Test
  void an_odd_id_is_nobody() {
    makeAcme();
    Tenants directory = directory(changes);

    assertThat(directory.tenant("a\0b")).isNull();
    assertThat(directory.tenant("x".repeat(10_000))).isNull();
  }
}
