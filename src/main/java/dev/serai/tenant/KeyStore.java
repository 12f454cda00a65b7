package dev.serai.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The gateway keys in the database. Writing is for the inside of {@link
 * dev.serai.ledger.Changes#make}. Every method throws a {@link DataAccessException} when the
 * database cannot be used.
 */
public final class KeyStore {

  private static final String COLUMNS =
      "SELECT id, tenant_id, name, prefix, allowed, expires_at, replaced_by, created_at"
          + " FROM gateway_keys";

  private final JdbcClient jdbc;

  /** Those of this database. */
  public KeyStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The key with this hash and its tenant, whether it has expired or not; null for none. */
  @Nullable GatewayKey byHash(String hash) {
    return jdbc.sql(
            "SELECT k.id, k.hash, k.allowed, k.expires_at, t.id AS tenant, t.name, t.tier"
                + " FROM gateway_keys k JOIN tenants t ON t.id = k.tenant_id WHERE k.hash = :hash")
        .param("hash", hash)
        .query(
            (rows, number) ->
                new GatewayKey(
                    rows.getString("id"),
                    rows.getString("hash"),
                    new Tenant(
                        rows.getString("tenant"),
                        rows.getString("name"),
                        TenantStore.tier(rows.getString("tier")),
                        0),
                    Set.copyOf(names(rows.getString("allowed"))),
                    instant(rows, "expires_at")))
        .optional()
        .orElse(null);
  }

  /** A tenant's keys, the oldest first, those that have expired too. */
  public List<StoredKey> list(String tenantId) {
    return jdbc.sql(COLUMNS + " WHERE tenant_id = :tenant ORDER BY created_at, id")
        .param("tenant", tenantId)
        .query((rows, number) -> key(rows))
        .list();
  }

  /** A key of a tenant; nobody else changes it until the transaction ends. Null for none. */
  public @Nullable StoredKey lock(String tenantId, String id) {
    return jdbc.sql(COLUMNS + " WHERE tenant_id = :tenant AND id = :id FOR UPDATE")
        .param("tenant", tenantId)
        .param("id", id)
        .query((rows, number) -> key(rows))
        .optional()
        .orElse(null);
  }

  /**
   * Adds a key.
   *
   * @param hash {@link GatewayKey#hashOf} the key in clear
   */
  public void insert(StoredKey key, String hash) {
    jdbc.sql(
            "INSERT INTO gateway_keys"
                + " (id, tenant_id, name, hash, prefix, allowed, expires_at, created_at)"
                + " VALUES (:id, :tenant, :name, :hash, :prefix, :allowed, :expires, :created)")
        .param("id", key.id())
        .param("tenant", key.tenantId())
        .param("name", key.name())
        .param("hash", hash)
        .param("prefix", key.prefix())
        .param("allowed", String.join("\n", key.allowed()))
        .param("expires", time(key.expiresAt()))
        .param("created", time(key.createdAt()))
        .update();
  }

  /** Writes when a key ends and which one takes its place. */
  public void replace(String id, @Nullable Instant expiresAt, String replacedBy) {
    jdbc.sql("UPDATE gateway_keys SET expires_at = :expires, replaced_by = :by WHERE id = :id")
        .param("expires", time(expiresAt))
        .param("by", replacedBy)
        .param("id", id)
        .update();
  }

  /** Deletes a key. */
  public void delete(String id) {
    jdbc.sql("DELETE FROM gateway_keys WHERE id = :id").param("id", id).update();
  }

  private static StoredKey key(ResultSet rows) throws SQLException {
    return new StoredKey(
        rows.getString("id"),
        rows.getString("tenant_id"),
        rows.getString("name"),
        rows.getString("prefix"),
        names(rows.getString("allowed")),
        instant(rows, "expires_at"),
        rows.getString("replaced_by"),
        rows.getObject("created_at", OffsetDateTime.class).toInstant());
  }

  private static List<String> names(String lines) {
    return lines.isEmpty() ? List.of() : List.of(lines.split("\n", -1));
  }

  private static @Nullable Instant instant(ResultSet rows, String column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : TenantStore.time(instant);
  }
}
