package dev.serai.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds up the ledger. */
public final class UsageReport {

  /**
   * The sums.
   *
   * @param rows one per group, in the order of the groups' values
   * @param total of all rows, with no group
   */
  public record Report(List<UsageSum> rows, UsageSum total) {}

  private final JdbcClient jdbc;

  UsageReport(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /**
   * Reads in one statement per table; the time range is a range of the primary key.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public Report read(UsageQuery query) {
    Map<String, UsageSum> sums = new TreeMap<>();
    for (UsageSum sum : calls(query)) {
      sums.merge(key(sum), sum, UsageSum::plus);
    }
    for (UsageSum sum : counts(query)) {
      sums.merge(key(sum), sum, UsageSum::plus);
    }
    UsageSum total = sums.values().stream().reduce(UsageSum.none(Map.of()), UsageSum::plus);
    return new Report(List.copyOf(sums.values()), total);
  }

  private List<UsageSum> calls(UsageQuery query) {
    List<String> where = new ArrayList<>(List.of("state <> 'not_sent'"));
    Map<String, Object> parameters = new HashMap<>();
    tenant(query, where, parameters);
    Instant from = query.from();
    if (from != null) {
      where.add("id >= :from");
      parameters.put("from", RowIds.lowestAt(from));
    }
    Instant to = query.to();
    if (to != null) {
      where.add("id < :to");
      parameters.put("to", RowIds.lowestAt(to));
    }
    String sql =
        "SELECT count(*), COALESCE(sum(input_tokens), 0), COALESCE(sum(output_tokens), 0),"
            + " COALESCE(sum(cost_nanos), 0),"
            + " COALESCE(sum(CASE WHEN cost_state = 'unpriced' THEN 1 ELSE 0 END), 0)"
            + grouped(query, "llm_usage", where, GroupBy::usageSql);
    return jdbc.sql(sql)
        .params(parameters)
        .query(
            (rows, number) ->
                new UsageSum(
                    group(rows, query, 6),
                    rows.getLong(1),
                    rows.getLong(2),
                    rows.getLong(3),
                    rows.getLong(4),
                    rows.getLong(5),
                    0,
                    0,
                    0))
        .list();
  }

  private List<UsageSum> counts(UsageQuery query) {
    List<String> where = new ArrayList<>(List.of("1 = 1"));
    Map<String, Object> parameters = new HashMap<>();
    tenant(query, where, parameters);
    Instant from = query.from();
    if (from != null) {
      where.add("day_hour >= :from");
      parameters.put("from", from.truncatedTo(ChronoUnit.HOURS).atOffset(ZoneOffset.UTC));
    }
    Instant to = query.to();
    if (to != null) {
      where.add("day_hour < :to");
      parameters.put("to", to.atOffset(ZoneOffset.UTC));
    }
    String sql =
        "SELECT COALESCE(sum(cache_hits), 0), COALESCE(sum(refused), 0),"
            + " COALESCE(sum(saved_nanos), 0)"
            + grouped(query, "usage_counts", where, GroupBy::countSql);
    return jdbc.sql(sql)
        .params(parameters)
        .query(
            (rows, number) ->
                new UsageSum(
                    group(rows, query, 4),
                    0,
                    0,
                    0,
                    0,
                    0,
                    rows.getLong(1),
                    rows.getLong(2),
                    rows.getLong(3)))
        .list();
  }

  private static void tenant(UsageQuery query, List<String> where, Map<String, Object> parameters) {
    String tenant = query.tenant();
    if (tenant != null) {
      where.add("tenant_id = :tenant");
      parameters.put("tenant", tenant);
    }
  }

  /** The groups as further columns, and the rest of the statement. */
  private static String grouped(UsageQuery query, String table, List<String> where, Column column) {
    StringBuilder sql = new StringBuilder();
    for (GroupBy group : query.groupBy()) {
      sql.append(", ").append(column.of(group)).append(" AS by_").append(group.label());
    }
    sql.append(" FROM ").append(table).append(" WHERE ").append(String.join(" AND ", where));
    if (!query.groupBy().isEmpty()) {
      sql.append(" GROUP BY ")
          .append(
              query.groupBy().stream()
                  .map(group -> "by_" + group.label())
                  .collect(Collectors.joining(", ")));
    }
    return sql.toString();
  }

  private static Map<GroupBy, String> group(ResultSet rows, UsageQuery query, int first)
      throws SQLException {
    Map<GroupBy, String> group = new LinkedHashMap<>();
    for (int i = 0; i < query.groupBy().size(); i++) {
      GroupBy by = query.groupBy().get(i);
      group.put(by, by == GroupBy.DAY ? day(rows, first + i) : rows.getString(first + i));
    }
    return Collections.unmodifiableMap(group);
  }

  /** Usage rows have the day as a number, counts have the hour. */
  private static String day(ResultSet rows, int column) throws SQLException {
    return rows.getObject(column) instanceof Long day
        ? LocalDate.ofEpochDay(day).toString()
        : rows.getObject(column, OffsetDateTime.class)
            .withOffsetSameInstant(ZoneOffset.UTC)
            .toLocalDate()
            .toString();
  }

  private static String key(UsageSum sum) {
    return String.join("\u0000", sum.group().values());
  }

  @FunctionalInterface
  private interface Column {
    String of(GroupBy group);
  }
}
