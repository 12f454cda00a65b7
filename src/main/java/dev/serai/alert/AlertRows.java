package dev.serai.alert;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Pages through the alerts, the newest first. */
public final class AlertRows {
  /** Most alerts of one page. */
  public static final int MAX_LIMIT = 1000;

  /**
   * Which alerts; a null filter lets all pass.
   *
   * @param from inclusive
   * @param to exclusive
   * @param before only those with a lower id: the {@code next} of the page before
   * @param limit 1 to {@link #MAX_LIMIT}; what is outside is brought inside
   */
  public record Query(
      @Nullable String subject,
      @Nullable String kind,
      @Nullable Instant from,
      @Nullable Instant to,
      @Nullable Long before,
      int limit) {}

  /**
   * How an alert fared on one channel.
   *
   * @param state whether it waits, got there or was given up, in the words of the API
   * @param attempts how often it was tried
   * @param nextTry null when it is not tried again
   * @param error of the latest attempt; null when that succeeded, or there was none
   */
  public record Delivered(
      String channel,
      String state,
      int attempts,
      @Nullable Instant nextTry,
      @Nullable Instant deliveredAt,
      @Nullable String error) {}

  /** An alert and where it went. */
  public record Row(Alert alert, List<Delivered> deliveries) {}

  /**
   * Some alerts.
   *
   * @param next what {@code before} must be for the next page; null when this is the last
   */
  public record Page(List<Row> rows, @Nullable Long next) {}

  private final JdbcClient jdbc;

  AlertRows(JdbcClient jdbc) {
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
    filter(where, parameters, "subject = :subject", "subject", query.subject());
    filter(where, parameters, "kind = :kind", "kind", query.kind());
    filter(where, parameters, "fired_at >= :from", "from", time(query.from()));
    filter(where, parameters, "fired_at < :to", "to", time(query.to()));
    filter(where, parameters, "id < :before", "before", query.before());
    List<Alert> found =
        jdbc.sql(
                "SELECT "
                    + AlertStore.COLUMNS
                    + " FROM budget_alerts WHERE "
                    + String.join(" AND ", where)
                    + " ORDER BY id DESC LIMIT "
                    + (limit + 1))
            .params(parameters)
            .query((row, number) -> AlertStore.alert(row))
            .list();
    boolean more = found.size() > limit;
    List<Alert> page = more ? found.subList(0, limit) : found;
    return new Page(withDeliveries(page), more ? (Long) page.getLast().id() : null);
  }

  private List<Row> withDeliveries(List<Alert> alerts) {
    Map<Long, List<Delivered>> deliveries = new HashMap<>();
    if (!alerts.isEmpty()) {
      jdbc.sql(
              "SELECT alert_id, channel, state, attempts, next_try, delivered_at, error"
                  + " FROM alert_deliveries WHERE alert_id IN (:ids) ORDER BY channel")
          .param("ids", alerts.stream().map(Alert::id).toList())
          .query(
              row -> {
                deliveries
                    .computeIfAbsent(row.getLong("alert_id"), id -> new ArrayList<>())
                    .add(delivered(row));
              });
    }
    return alerts.stream()
        .map(alert -> new Row(alert, deliveries.getOrDefault(alert.id(), List.of())))
        .toList();
  }

  private static Delivered delivered(ResultSet row) throws SQLException {
    return new Delivered(
        row.getString("channel"),
        row.getString("state"),
        row.getInt("attempts"),
        instant(row.getObject("next_try", OffsetDateTime.class)),
        instant(row.getObject("delivered_at", OffsetDateTime.class)),
        row.getString("error"));
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

  private static @Nullable Instant instant(@Nullable OffsetDateTime time) {
    return time == null ? null : time.toInstant();
  }
}
