package dev.serai.tenant.credential;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The table of credentials. Every method throws a {@link DataAccessException} when the database
 * cannot be used.
 */
final class CredentialRows {

  private static final String SELECT =
      "SELECT tenant_id, provider, kind, hint, key_name, wrapped_key, ciphertext, created_at,"
          + " updated_at FROM credentials WHERE ";

  private final JdbcClient jdbc;

  CredentialRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** All of one tenant, by provider. */
  List<Sealed> of(String tenantId) {
    return jdbc.sql(SELECT + "tenant_id = :tenant ORDER BY provider")
        .param("tenant", tenantId)
        .query((row, number) -> row(row))
        .list();
  }

  @Nullable Sealed find(Owner owner) {
    return jdbc.sql(SELECT + "tenant_id = :tenant AND provider = :provider")
        .param("tenant", owner.tenantId())
        .param("provider", owner.provider())
        .query((row, number) -> row(row))
        .optional()
        .orElse(null);
  }

  /**
   * A page of rows, in the order of their owners.
   *
   * @param after those behind this one; null for the first
   * @param notUnder only those that another key than this has wrapped; null for all
   */
  List<Sealed> page(@Nullable Owner after, @Nullable String notUnder, int most) {
    return jdbc.sql(
            SELECT
                + "(tenant_id > :tenant OR (tenant_id = :tenant AND provider > :provider))"
                + (notUnder == null ? "" : " AND key_name <> :name")
                + " ORDER BY tenant_id, provider LIMIT :most")
        .param("tenant", after == null ? "" : after.tenantId())
        .param("provider", after == null ? "" : after.provider())
        .params(notUnder == null ? Map.of() : Map.of("name", notUnder))
        .param("most", most)
        .query((row, number) -> row(row))
        .list();
  }

  /** How many rows each key has wrapped. */
  Map<String, Long> byKey() {
    Map<String, Long> counts = new TreeMap<>();
    jdbc.sql("SELECT key_name, COUNT(*) FROM credentials GROUP BY key_name")
        .query((RowCallbackHandler) row -> counts.put(row.getString(1), row.getLong(2)));
    return counts;
  }

  /** Puts one in place of what is there, whose time of creation stays. */
  void put(Sealed row) {
    if (written(
            "UPDATE credentials SET kind = :kind, hint = :hint, key_name = :name, wrapped_key ="
                + " :wrapped, ciphertext = :ciphertext, updated_at = :at WHERE tenant_id = :tenant"
                + " AND provider = :provider",
            row)
        == 0) {
      written(
          "INSERT INTO credentials (tenant_id, provider, kind, hint, key_name, wrapped_key,"
              + " ciphertext, created_at, updated_at, goes_with) VALUES (:tenant, :provider, :kind,"
              + " :hint, :name, :wrapped, :ciphertext, :at, :at, (SELECT id FROM tenants WHERE id ="
              + " :tenant))",
          row);
    }
  }

  private int written(String sql, Sealed row) {
    return jdbc.sql(sql)
        .param("tenant", row.owner().tenantId())
        .param("provider", row.owner().provider())
        .param("kind", row.kind())
        .param("hint", row.hint())
        .param("name", row.keyName())
        .param("wrapped", row.wrappedKey())
        .param("ciphertext", row.ciphertext())
        .param("at", row.updatedAt().atOffset(ZoneOffset.UTC))
        .update();
  }

  /** Takes one away; false when there was none. */
  boolean delete(Owner owner) {
    return jdbc.sql("DELETE FROM credentials WHERE tenant_id = :tenant AND provider = :provider")
            .param("tenant", owner.tenantId())
            .param("provider", owner.provider())
            .update()
        > 0;
  }

  /** Takes all of a tenant away, also those of one that stood in the files. */
  void forget(String tenantId) {
    jdbc.sql("DELETE FROM credentials WHERE tenant_id = :tenant")
        .param("tenant", tenantId)
        .update();
  }

  /** Puts the data key under another key, unless the row was changed since it was read. */
  boolean rewrap(Sealed row, String keyName, byte[] wrappedKey) {
    return jdbc.sql(
                "UPDATE credentials SET key_name = :name, wrapped_key = :wrapped WHERE tenant_id ="
                    + " :tenant AND provider = :provider AND key_name = :was AND wrapped_key ="
                    + " :wrappedWas")
            .param("name", keyName)
            .param("wrapped", wrappedKey)
            .param("tenant", row.owner().tenantId())
            .param("provider", row.owner().provider())
            .param("was", row.keyName())
            .param("wrappedWas", row.wrappedKey())
            .update()
        > 0;
  }

  private static Sealed row(ResultSet row) throws SQLException {
    return new Sealed(
        new Owner(row.getString("tenant_id"), row.getString("provider")),
        row.getString("kind"),
        row.getString("hint"),
        row.getString("key_name"),
        row.getBytes("wrapped_key"),
        row.getBytes("ciphertext"),
        instant(row, "created_at"),
        instant(row, "updated_at"));
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return row.getObject(column, OffsetDateTime.class).toInstant();
  }
}
