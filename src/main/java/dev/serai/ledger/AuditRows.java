package dev.serai.ledger;

import dev.serai.ledger.Change.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Pages through the audit, the newest change first. */
public final class AuditRows {
  /** Most rows of one page. */
  public static final int MAX_LIMIT = 1000;

  /**
   * Which changes; a null filter lets all pass.
   *
   * @param from inclusive
   * @param to exclusive
   * @param before only those with a lower id: the {@code next} of the page before
   * @param limit 1 to {@link #MAX_LIMIT}; what is outside is brought inside
   */
  public record Query(
      @Nullable String subject,
      @Nullable String kind,
      @Nullable String actor,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Long before,
      int limit) {}

  /** A change, when it was made, and its number. */
  public record Row(long id, Instant madeAt, Change change) {}

  /**
   * Some changes.
   *
   * @param next what {@code before} must be for the next page; null when this is the last
   */
  public record Page(List<Row> rows, @Nullable Long next) {}

  private final JdbcClient jdbc;

  AuditRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** What a kind is called in the table and in the query. */
  public static String label(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads a page.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public Page read(Query query) {
    int limit = Math.clamp(query.limit(), 1, MAX_LIMIT);
    List<String> where = new ArrayList<>(List.of("1 = 1"));
    Map<String, Object> parameters = new HashMap<>();
    filter(where, parameters, "subject = :subject", "subject", query.subject());
    filter(where, parameters, "kind = :kind", "kind", query.kind());
    filter(where, parameters, "actor = :actor", "actor", query.actor());
    filter(where, parameters, "made_at >= :from", "from", time(query.from()));
    filter(where, parameters, "made_at < :to", "to", time(query.to()));
    filter(where, parameters, "id < :before", "before", query.before());
    List<Row> rows =
        jdbc.sql(
                "SELECT id, made_at, actor, action, kind, subject, old_value, new_value FROM audit"
                    + " WHERE "
                    + String.join(" AND ", where)
                    + " ORDER BY id DESC LIMIT "
                    + (limit + 1))
            .params(parameters)
            .query((row, number) -> row(row))
            .list();
    boolean more = rows.size() > limit;
    List<Row> page = more ? rows.subList(0, limit) : rows;
    return new Page(List.copyOf(page), more ? (Long) page.getLast().id() : null);
  }

  private static void filter(
      List<String> where,
      Map<String, Object> parameters,
      String condition,
      String name,
      @Nullable Object value) {
    if (value != null) {
      where.add(condition);
      parameters.put(name, value);
    }
  }

  private static @Nullable OffsetDateTime time(@Nullable Instant instant) {
    return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong("id"),
        row.getObject("made_at", OffsetDateTime.class).toInstant(),
        new Change(
            row.getString("actor"),
            row.getString("action"),
            Kind.valueOf(row.getString("kind").toUpperCase(Locale.ROOT)),
            row.getString("subject"),
            row.getString("old_value"),
            row.getString("new_value")));
  }
}
