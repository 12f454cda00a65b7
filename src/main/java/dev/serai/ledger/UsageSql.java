package dev.serai.ledger;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The statements of a report: values first, then the groups.
 *
 * @param text with named parameters
 * @param parameters their values
 */
record UsageSql(String text, Map<String, Object> parameters) {

  /** How many values {@link #calls} reads before the groups: the sums, and how many are open. */
  static final int CALL_VALUES = Tally.COLUMNS.size() + 1;

  /** How many values {@link #counts} reads before the groups. */
  static final int COUNT_VALUES = 3;

  /** No row of a living or not yet tidied away replica below this id is open. */
  static final String OPEN_FROM = "COALESCE((SELECT min(open_from) FROM replicas), 0)";

  private static final String OPEN = ", sum(CASE WHEN state = 'open' THEN 1 ELSE 0 END)";

  /**
   * Whole hours by their sums, parts of hours by the rows, and the rows that are still open, which
   * no sum has; in one statement, so that a row that is being settled is counted once.
   *
   * @param all false for the sums that a report tells; the others are 0
   */
  static UsageSql calls(UsageQuery query, boolean all) {
    HourRange range = HourRange.of(query.from(), query.to());
    Map<String, Object> parameters = new HashMap<>();
    List<String> parts = new ArrayList<>();
    if (range.whole()) {
      parts.add(
          select(query, Tally.ofHours(all) + ", 0", "usage_hours", GroupBy::hourSql)
              + " AND epoch_hour >= :firstHour AND epoch_hour < :endHour"
              + groupBy(query));
      parameters.put("firstHour", range.firstHour());
      parameters.put("endHour", range.endHour());
      String open = " AND state = 'open' AND id >= " + OPEN_FROM;
      rows(query, all, parts, parameters, range.firstHourId(), range.endHourId(), open);
      rows(query, all, parts, parameters, range.fromId(), range.firstHourId(), "");
      rows(query, all, parts, parameters, range.endHourId(), range.toId(), "");
    } else {
      rows(query, all, parts, parameters, range.fromId(), range.toId(), "");
    }
    return of(query, String.join(" UNION ALL ", parts), parameters);
  }

  private static void rows(
      UsageQuery query,
      boolean all,
      List<String> parts,
      Map<String, Object> parameters,
      long from,
      long to,
      String which) {
    if (from >= to && !parts.isEmpty()) {
      return;
    }
    String number = Integer.toString(parts.size());
    parts.add(
        select(query, Tally.ofRows(all) + OPEN, "llm_usage", GroupBy::rowSql)
            + (" AND id >= :from" + number + " AND id < :to" + number)
            + " AND state <> 'not_sent'"
            + which
            + groupBy(query));
    parameters.put("from" + number, from);
    parameters.put("to" + number, to);
  }

  /** What made no call. */
  static UsageSql counts(UsageQuery query) {
    Map<String, Object> parameters = new HashMap<>();
    StringBuilder sql =
        new StringBuilder(
            select(
                query,
                "COALESCE(sum(cache_hits), 0), COALESCE(sum(refused), 0),"
                    + " COALESCE(sum(saved_nanos), 0)",
                "usage_counts",
                GroupBy::countSql));
    Instant from = query.from();
    if (from != null) {
      sql.append(" AND day_hour >= :from");
      parameters.put("from", from.truncatedTo(ChronoUnit.HOURS).atOffset(ZoneOffset.UTC));
    }
    Instant to = query.to();
    if (to != null) {
      sql.append(" AND day_hour < :to");
      parameters.put("to", to.atOffset(ZoneOffset.UTC));
    }
    return of(query, sql.append(groupBy(query)).toString(), parameters);
  }

  private static UsageSql of(UsageQuery query, String text, Map<String, Object> parameters) {
    if (query.tenant() != null) {
      parameters.put("tenant", query.tenant());
    }
    return new UsageSql(text, parameters);
  }

  private static String select(UsageQuery query, String values, String table, Column column) {
    StringBuilder sql = new StringBuilder("SELECT ").append(values);
    for (GroupBy group : query.groupBy()) {
      sql.append(", ").append(column.of(group)).append(" AS by_").append(group.label());
    }
    return sql.append(" FROM ")
        .append(table)
        .append(query.tenant() == null ? " WHERE 1 = 1" : " WHERE tenant_id = :tenant")
        .toString();
  }

  private static String groupBy(UsageQuery query) {
    return query.groupBy().isEmpty()
        ? ""
        : query.groupBy().stream()
            .map(group -> "by_" + group.label())
            .collect(Collectors.joining(", ", " GROUP BY ", ""));
  }

  @FunctionalInterface
  private interface Column {
    String of(GroupBy group);
  }
}
