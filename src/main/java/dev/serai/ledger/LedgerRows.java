package dev.serai.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Pages through the rows of the ledger, the newest first. */
public final class LedgerRows {
  /** Most rows of one page. */
  public static final int MAX_LIMIT = 1000;

  /**
   * Which rows; a null filter lets all pass.
   *
   * @param before only rows with a lower id: the {@code next} of the page before
   * @param limit 1 to {@link #MAX_LIMIT}; what is outside is brought inside
   */
  public record Query(
      @Nullable String tenant,
      @Nullable String requestId,
      @Nullable String model,
      @Nullable String target,
      @Nullable String state,
      @Nullable String costState,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Long before,
      int limit) {

    /** Every row. */
    public static Query all(int limit) {
      return new Query(null, null, null, null, null, null, null, null, null, limit);
    }

    /** The same rows, further on. */
    public Query before(long id) {
      return new Query(tenant, requestId, model, target, state, costState, from, to, id, limit);
    }
  }

  /**
   * Some rows.
   *
   * @param next what {@code before} must be for the next page; null when this is the last
   */
  public record Page(List<UsageRow> rows, @Nullable Long next) {}

  private final JdbcClient jdbc;

  LedgerRows(JdbcClient jdbc) {
    this.jdbc = jdbc;
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
    Filter filter = new Filter(where, parameters);
    filter.add("tenant_id = :tenant", "tenant", query.tenant());
    filter.add("request_id = :requestId", "requestId", query.requestId());
    filter.add("upstream_model = :model", "model", query.model());
    filter.add("target = :target", "target", query.target());
    filter.add("state = :state", "state", query.state());
    filter.add("cost_state = :costState", "costState", query.costState());
    filter.add("id >= :from", "from", lowestAt(query.from()));
    filter.add("id < :to", "to", lowestAt(query.to()));
    filter.add("id < :before", "before", query.before());
    List<UsageRow> rows =
        jdbc.sql(
                "SELECT * FROM llm_usage WHERE "
                    + String.join(" AND ", where)
                    + " ORDER BY id DESC LIMIT "
                    + (limit + 1))
            .params(parameters)
            .query((row, number) -> row(row))
            .list();
    boolean more = rows.size() > limit;
    List<UsageRow> page = more ? rows.subList(0, limit) : rows;
    return new Page(List.copyOf(page), more ? (Long) page.getLast().id() : null);
  }

  private record Filter(List<String> where, Map<String, Object> parameters) {
    void add(String condition, String name, @Nullable Object value) {
      if (value != null) {
        where.add(condition);
        parameters.put(name, value);
      }
    }
  }

  private static @Nullable Long lowestAt(@Nullable Instant time) {
    return time == null ? null : (Long) RowIds.lowestAt(time);
  }

  static UsageRow row(ResultSet row) throws SQLException {
    return new UsageRow(
        row.getLong("id"),
        row.getString("request_id"),
        row.getInt("attempt"),
        row.getInt("replica"),
        row.getString("tenant_id"),
        row.getString("key_id"),
        row.getString("account"),
        row.getString("entry"),
        row.getString("operation"),
        row.getString("role_name"),
        row.getString("target"),
        row.getString("provider_name"),
        row.getString("request_model"),
        row.getString("upstream_model"),
        row.getString("response_model"),
        row.getString("prompt_version"),
        row.getBoolean("streamed"),
        row.getString("cache_state"),
        row.getString("state"),
        row.getString("error_type"),
        number(row, "http_status"),
        row.getString("finish_reasons"),
        row.getLong("est_input_tokens"),
        row.getLong("est_output_tokens"),
        number(row, "est_cost_nanos"),
        number(row, "input_tokens"),
        number(row, "output_tokens"),
        number(row, "cache_read_tokens"),
        number(row, "cache_write_tokens"),
        number(row, "reasoning_tokens"),
        number(row, "cost_nanos"),
        row.getString("cost_state"),
        number(row, "provider_cost_nanos"),
        row.getString("price_version"),
        number(row, "price_input_picos"),
        number(row, "price_output_picos"),
        number(row, "price_cache_read_picos"),
        number(row, "price_cache_write_picos"),
        row.getString("service_tier"),
        number(row, "mark_up"),
        number(row, "net_cost_nanos"),
        row.getString("usage_details"),
        row.getString("price_details"),
        number(row, "first_byte_micros"),
        number(row, "duration_micros"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row.getObject("completed_at", OffsetDateTime.class)));
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
