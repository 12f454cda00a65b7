package dev.serai.tenant.credential;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.catalog.Configured;
import dev.serai.catalog.Credential;
import dev.serai.catalog.Credential.ApiKey;
import dev.serai.catalog.ErasableSecret;
import dev.serai.catalog.Provider;
import dev.serai.chat.ApiException;
import dev.serai.ledger.Changes;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.TestDatabase;
import dev.serai.tenant.credential.TenantCredentials.Found;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How tenants' credentials are kept, opened and brought under another key, on every database. */
abstract class CredentialsContract {
  static final KeyEncryption ONE = LocalKey.of("one", "A".repeat(43) + "=");
  static final KeyEncryption TWO = LocalKey.of("two", "B".repeat(42) + "A=");
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Provider OPENAI =
      Objects.requireNonNull(Configured.packaged().provider("openai"));

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestDatabase database;
  private JdbcClient jdbc;
  private CredentialRows rows;

  abstract TestDatabase database(Path folder);

  @BeforeEach
  void begin() {
    database = database(folder);
    jdbc = JdbcClient.create(database.pool);
    rows = new CredentialRows(jdbc);
  }

  @AfterEach
  void end() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    database.close();
  }

  private Changes changes() {
    Changes changes = database.changes();
    open.add(changes);
    return changes;
  }

  private Credentials replica(Duration keep, KeyEncryption... keys) {
    Credentials credentials =
        new Credentials(rows, new KeyRing(List.of(keys)), changes(), Clock.systemUTC(), keep);
    open.add(credentials);
    return credentials;
  }

  private Rotation rotation(KeyEncryption... keys) {
    Rotation rotation = new Rotation(rows, new KeyRing(List.of(keys)), changes());
    open.add(rotation);
    return rotation;
  }

  private static ApiKey key(String text) {
    return new ApiKey(new ErasableSecret(text.getBytes(US_ASCII)));
  }

  private static @Nullable String found(TenantCredentials credentials, String tenant) {
    return switch (credentials.find(tenant, "openai")) {
      case Found.Open(Credential credential) -> ((ApiKey) credential).key().reveal();
      case Found.None none -> "none";
      case Found.Locked locked -> "locked";
    };
  }

  private void tamper(String tenant) {
    Sealed row = Objects.requireNonNull(rows.find(new Owner(tenant, "openai")));
    byte[] ciphertext = row.ciphertext().clone();
    ciphertext[20] ^= 1;
    jdbc.sql("UPDATE credentials SET ciphertext = :c WHERE tenant_id = :t")
        .param("c", ciphertext)
        .param("t", tenant)
        .update();
  }

  @Test
  void what_is_stored_is_found_again_and_not_in_clear() {
    Credentials credentials = replica(LONG, ONE);
    credentials.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));

    assertThat(found(credentials, "acme")).isEqualTo("sk-of-acme-123456");
    assertThat(found(credentials, "zeta")).isEqualTo("none");
    assertThat(credentials.any("acme")).isTrue();
    assertThat(credentials.any("zeta")).isFalse();
    assertThat(jdbc.sql("SELECT * FROM credentials").query().singleRow().values())
        .allSatisfy(
            value ->
                assertThat(value instanceof byte[] bytes ? new String(bytes, US_ASCII) : value + "")
                    .doesNotContain("sk-of-acme"));
    assertThat(credentials.list("acme"))
        .singleElement()
        .satisfies(
            listed -> {
              assertThat(listed.provider()).isEqualTo("openai");
              assertThat(listed.kind()).isEqualTo("api_key");
              assertThat(listed.hint()).isEqualTo("…3456");
            });
  }

  @Test
  void it_is_replaced_and_deleted_and_the_audit_shows_no_secret() {
    Credentials credentials = replica(LONG, ONE);
    credentials.store("admin-key", "acme", OPENAI, key("sk-first-111111"));
    assertThat(found(credentials, "acme")).isEqualTo("sk-first-111111");
    Instant created = credentials.list("acme").getFirst().createdAt();

    credentials.store("admin-key", "acme", OPENAI, key("sk-second-22222"));

    assertThat(found(credentials, "acme")).isEqualTo("sk-second-22222");
    assertThat(credentials.list("acme").getFirst().createdAt()).isEqualTo(created);
    assertThat(credentials.delete("admin-key", "acme", "openai")).isTrue();
    assertThat(found(credentials, "acme")).isEqualTo("none");
    assertThat(credentials.delete("admin-key", "acme", "openai")).isFalse();
    List<String> audit =
        jdbc.sql("SELECT action, kind, subject, old_value, new_value FROM audit ORDER BY id")
            .query(
                (row, i) ->
                    String.join(
                        " ",
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        String.valueOf(row.getString(4)),
                        String.valueOf(row.getString(5))))
            .list();
    assertThat(audit)
        .containsExactly(
            "create credential acme/openai null"
                + " {\"provider\":\"openai\",\"kind\":\"api_key\",\"hint\":\"…1111\"}",
            "update credential acme/openai"
                + " {\"provider\":\"openai\",\"kind\":\"api_key\",\"hint\":\"…1111\"}"
                + " {\"provider\":\"openai\",\"kind\":\"api_key\",\"hint\":\"…2222\"}",
            "delete credential acme/openai"
                + " {\"provider\":\"openai\",\"kind\":\"api_key\",\"hint\":\"…2222\"} null");
  }

  @Test
  void another_replica_hears_of_a_change_and_erases_what_it_had_open() {
    Credentials here = replica(LONG, ONE);
    Credentials there = replica(LONG, ONE);
    here.store("admin-key", "acme", OPENAI, key("sk-first-111111"));
    await().until(() -> "sk-first-111111".equals(found(there, "acme")));
    ApiKey held = (ApiKey) ((Found.Open) there.find("acme", "openai")).credential();

    here.store("admin-key", "acme", OPENAI, key("sk-second-22222"));

    await().until(() -> "sk-second-22222".equals(found(there, "acme")));
    assertThat(held.key().reveal()).isNull();
  }

  @Test
  void what_was_looked_up_lately_is_not_looked_up_again() {
    Credentials credentials = replica(LONG, ONE);
    credentials.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));
    await()
        .untilAsserted(
            () -> {
              Found first = credentials.find("acme", "openai");
              Thread.sleep(50);
              assertThat(credentials.find("acme", "openai")).isSameAs(first);
            });
    assertThat(found(credentials, "zeta")).isEqualTo("none");

    database.pool.close();

    assertThat(found(credentials, "acme")).isEqualTo("sk-of-acme-123456");
    assertThat(found(credentials, "zeta")).isEqualTo("none");
    assertThatThrownBy(() -> credentials.find("other", "openai"))
        .isInstanceOf(LedgerUnavailableException.class);
  }

  @Test
  void after_its_time_it_is_erased() {
    Credentials credentials = replica(Duration.ofMillis(100), ONE);
    credentials.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));
    ApiKey held = (ApiKey) ((Found.Open) credentials.find("acme", "openai")).credential();

    await().atMost(Duration.ofSeconds(10)).until(() -> held.key().reveal() == null);
    assertThat(found(credentials, "acme")).isEqualTo("sk-of-acme-123456");
  }

  @Test
  void without_a_key_nothing_is_stored() {
    Credentials credentials = replica(LONG);

    assertThatThrownBy(() -> credentials.store("admin-key", "acme", OPENAI, key("sk-1")))
        .isInstanceOfSatisfying(
            ApiException.class,
            refused -> {
              assertThat(refused.error().status()).isEqualTo(400);
              assertThat(refused.error().message()).contains("SERAI_MASTER_KEY");
            });

    assertThat(credentials.list("acme")).isEmpty();
    assertThat(jdbc.sql("SELECT COUNT(*) FROM audit").query(Long.class).single()).isZero();
  }

  @Test
  void a_tampered_row_is_locked_and_the_others_are_not() {
    Credentials credentials = replica(LONG, ONE);
    credentials.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));
    credentials.store("admin-key", "zeta", OPENAI, key("sk-of-zeta-123456"));

    tamper("acme");

    Credentials fresh = replica(LONG, ONE);
    assertThat(found(fresh, "acme")).isEqualTo("locked");
    assertThat(found(fresh, "zeta")).isEqualTo("sk-of-zeta-123456");
  }

  @Test
  void a_row_that_was_copied_to_another_tenant_is_locked() {
    replica(LONG, ONE).store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));

    jdbc.sql(
            "INSERT INTO credentials (tenant_id, provider, kind, hint, key_name, wrapped_key,"
                + " ciphertext, created_at, updated_at) SELECT 'zeta', provider, kind, hint,"
                + " key_name, wrapped_key, ciphertext, created_at, updated_at FROM credentials")
        .update();

    Credentials fresh = replica(LONG, ONE);
    assertThat(found(fresh, "zeta")).isEqualTo("locked");
    assertThat(found(fresh, "acme")).isEqualTo("sk-of-acme-123456");
  }

  @Test
  void a_tenants_credentials_go_with_it() {
    jdbc.sql(
            "INSERT INTO tenants (id, name, tier, created_at, updated_at) VALUES ('acme', 'Acme',"
                + " 'standard', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")
        .update();
    Credentials credentials = replica(LONG, ONE);
    credentials.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));

    jdbc.sql("DELETE FROM tenants WHERE id = 'acme'").update();

    assertThat(credentials.list("acme")).isEmpty();
  }

  @Test
  void two_who_store_the_first_one_at_the_same_time_both_succeed() {
    Credentials here = replica(LONG, ONE);
    Credentials there = replica(LONG, ONE);
    for (int i = 0; i < 20; i++) {
      String tenant = "t" + i;
      List<Thread> both =
          List.of(here, there).stream()
              .map(
                  each ->
                      Thread.ofVirtual()
                          .unstarted(() -> each.store("a", tenant, OPENAI, key("sk-123456789012"))))
              .toList();
      both.forEach(Thread::start);
      both.forEach(CredentialsContract::join);
    }

    assertThat(jdbc.sql("SELECT COUNT(*) FROM audit").query(Long.class).single()).isEqualTo(40);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void rotation_brings_all_under_the_new_key_while_they_are_read() throws Exception {
    Credentials before = replica(LONG, ONE);
    for (int i = 0; i < 250; i++) {
      before.store("admin-key", "t" + i, OPENAI, key("sk-of-tenant-" + i));
    }
    Rotation first = rotation(TWO, ONE);
    Rotation second = rotation(TWO, ONE);
    assertThat(first.progress()).isEqualTo(new Rotation.Progress(TWO.name(), 0, 250, List.of()));
    AtomicBoolean over = new AtomicBoolean();
    List<String> wrong = new CopyOnWriteArrayList<>();
    Thread reader =
        Thread.ofVirtual()
            .start(
                () -> {
                  while (!over.get()) {
                    Credentials reading = replica(LONG, TWO, ONE);
                    for (int i = 0; i < 250; i += 10) {
                      String found = found(reading, "t" + i);
                      if (!("sk-of-tenant-" + i).equals(found)) {
                        wrong.add(i + " " + found);
                      }
                    }
                  }
                });

    first.start(Duration.ofMillis(10));
    second.start(Duration.ofMillis(10));

    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> first.progress().done() == 250 && first.progress().left() == 0);
    over.set(true);
    reader.join();
    assertThat(wrong).isEmpty();
    Credentials after = replica(LONG, TWO);
    for (int i = 0; i < 250; i++) {
      assertThat(found(after, "t" + i)).isEqualTo("sk-of-tenant-" + i);
    }
  }

  @Test
  void rotation_does_not_undo_a_change_that_comes_between() throws Exception {
    replica(LONG, ONE).store("admin-key", "acme", OPENAI, key("sk-first-111111"));
    Sealed read = Objects.requireNonNull(rows.find(new Owner("acme", "openai")));
    replica(LONG, TWO, ONE).store("admin-key", "acme", OPENAI, key("sk-second-22222"));
    byte[] dataKey = ONE.unwrap(read.wrappedKey(), read.owner());

    assertThat(rows.rewrap(read, TWO.name(), TWO.wrap(dataKey, read.owner()))).isFalse();

    assertThat(found(replica(LONG, TWO), "acme")).isEqualTo("sk-second-22222");
  }

  @Test
  void rotation_says_what_cannot_be_opened_until_it_is_stored_again() throws Exception {
    Credentials old = replica(LONG, ONE);
    old.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));
    Credentials credentials = replica(LONG, TWO);
    credentials.store("admin-key", "zeta", OPENAI, key("sk-of-zeta-123456"));
    credentials.store("admin-key", "torn", OPENAI, key("sk-of-torn-123456"));
    tamper("torn");
    Rotation rotation = rotation(TWO);

    rotation.pass();

    assertThat(rotation.progress())
        .isEqualTo(
            new Rotation.Progress(
                TWO.name(),
                1,
                0,
                List.of(
                    new Rotation.Stuck("acme", "openai", ONE.name()),
                    new Rotation.Stuck("torn", "openai", TWO.name()))));
    assertThat(found(replica(LONG, TWO), "acme")).isEqualTo("locked");
    assertThat(found(replica(LONG, TWO), "zeta")).isEqualTo("sk-of-zeta-123456");

    credentials.store("admin-key", "acme", OPENAI, key("sk-again-123456"));

    await().until(() -> rotation.progress().done() == 2);
    assertThat(rotation.progress().unopenable()).hasSize(1);
  }

  @Test
  void a_key_that_cannot_be_reached_keeps_only_its_own_rows_waiting() throws Exception {
    KeyEncryption away = new Away(ONE);
    Credentials old = replica(LONG, ONE);
    old.store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));
    Credentials other = replica(LONG, TWO);
    other.store("admin-key", "zeta", OPENAI, key("sk-of-zeta-123456"));
    KeyEncryption three = LocalKey.of("three", "C".repeat(42) + "A=");
    Rotation rotation = rotation(three, away, TWO);

    rotation.pass();

    assertThat(rotation.progress()).isEqualTo(new Rotation.Progress(three.name(), 1, 1, List.of()));
    assertThat(found(replica(LONG, away), "acme")).isEqualTo("locked");
  }

  @Test
  void what_its_key_refused_for_a_while_is_not_called_lost_for_ever() throws Exception {
    replica(LONG, ONE).store("admin-key", "acme", OPENAI, key("sk-of-acme-123456"));
    AtomicBoolean refused = new AtomicBoolean(true);
    Rotation rotation = rotation(new Moody(ONE, refused));

    rotation.pass();
    assertThat(rotation.progress().unopenable()).hasSize(1);
    refused.set(false);
    rotation.pass();

    assertThat(rotation.progress()).isEqualTo(new Rotation.Progress(ONE.name(), 1, 0, List.of()));
  }

  /** One of a key service that at times does not let us. */
  private record Moody(KeyEncryption key, AtomicBoolean refused) implements KeyEncryption {
    @Override
    public String name() {
      return key.name();
    }

    @Override
    public byte[] wrap(byte[] dataKey, Owner owner) throws GeneralSecurityException {
      return key.wrap(dataKey, owner);
    }

    @Override
    public byte[] unwrap(byte[] wrapped, Owner owner) throws GeneralSecurityException {
      if (refused.get()) {
        throw new GeneralSecurityException("not allowed");
      }
      return key.unwrap(wrapped, owner);
    }
  }

  private record Away(KeyEncryption key) implements KeyEncryption {
    @Override
    public String name() {
      return key.name();
    }

    @Override
    public byte[] wrap(byte[] dataKey, Owner owner) {
      throw new KeyUnavailableException("away");
    }

    @Override
    public byte[] unwrap(byte[] wrapped, Owner owner) {
      throw new KeyUnavailableException("away");
    }
  }
}
