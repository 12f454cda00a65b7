package dev.serai.tenant;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The tenants in the database. Writing is for the inside of {@link dev.serai.ledger.Changes#make}.
 * Every method throws a {@link DataAccessException} when the database cannot be used.
 */
public final class TenantStore {

  private static final String COLUMNS =
      "SELECT id, name, tier, created_at, updated_at FROM tenants";

  private final JdbcClient jdbc;

  /** Those of this database. */
  public TenantStore(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** Whether there is or ever was one, which the audit knows. */
  boolean everAny() {
    return jdbc.sql(
            "SELECT EXISTS (SELECT 1 FROM tenants)"
                + " OR EXISTS (SELECT 1 FROM audit WHERE kind = 'tenant')")
        .query(Boolean.class)
        .single();
  }

  /** The tenant of that id; null when there is none. */
  public @Nullable StoredTenant find(String id) {
    return jdbc.sql(COLUMNS + " WHERE id = :id")
        .param("id", id)
        .query((rows, number) -> tenant(rows))
        .optional()
        .orElse(null);
  }

  /** As {@link #find}, and nobody else changes or deletes it until the transaction ends. */
  public @Nullable StoredTenant lock(String id) {
    return jdbc.sql(COLUMNS + " WHERE id = :id FOR UPDATE")
        .param("id", id)
        .query((rows, number) -> tenant(rows))
        .optional()
        .orElse(null);
  }

  /**
   * Some of them, by id in the database's order.
   *
   * @param after only those behind this id; null for the first
   * @param most how many at most
   */
  public List<StoredTenant> list(@Nullable String after, int most) {
    return jdbc.sql(COLUMNS + " WHERE id > :after ORDER BY id LIMIT :most")
        .param("after", after == null ? "" : after)
        .param("most", most)
        .query((rows, number) -> tenant(rows))
        .list();
  }

  /**
   * Adds one.
   *
   * @throws DuplicateKeyException when the id is taken
   */
  public void insert(StoredTenant tenant) {
    jdbc.sql(
            "INSERT INTO tenants (id, name, tier, created_at, updated_at)"
                + " VALUES (:id, :name, :tier, :created, :updated)")
        .param("id", tenant.tenant().id())
        .param("name", tenant.tenant().name())
        .param("tier", label(tenant.tenant().tier()))
        .param("created", time(tenant.createdAt()))
        .param("updated", time(tenant.updatedAt()))
        .update();
  }

  /** Writes its name, its tier and when it was changed. */
  public void update(StoredTenant tenant) {
    jdbc.sql("UPDATE tenants SET name = :name, tier = :tier, updated_at = :updated WHERE id = :id")
        .param("id", tenant.tenant().id())
        .param("name", tenant.tenant().name())
        .param("tier", label(tenant.tenant().tier()))
        .param("updated", time(tenant.updatedAt()))
        .update();
  }

  /** Deletes it and its keys; returns whether it was there. */
  public boolean delete(String id) {
    return jdbc.sql("DELETE FROM tenants WHERE id = :id").param("id", id).update() > 0;
  }

  private static StoredTenant tenant(ResultSet rows) throws SQLException {
    return new StoredTenant(
        new Tenant(rows.getString("id"), rows.getString("name"), tier(rows.getString("tier")), 0),
        rows.getObject("created_at", OffsetDateTime.class).toInstant(),
        rows.getObject("updated_at", OffsetDateTime.class).toInstant());
  }

  static Tier tier(String label) {
    return Tier.valueOf(label.toUpperCase(Locale.ROOT));
  }

  private static String label(Tier tier) {
    return tier.name().toLowerCase(Locale.ROOT);
  }

  static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
