package dev.serai.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds up the ledger: whole hours by what is kept of them, the rest by the rows. */
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
   * Reads in one statement for the calls and one for what made none. Of the calls there are the
   * requests, prompt and completion tokens, the cost and the unpriced; all other sums are 0.
   *
   * @throws DataAccessException when the database cannot be used
   */
  public Report read(UsageQuery query) {
    return read(query, query, false);
  }

  /** Every sum of the calls, and what made no call from another range of time. */
  Report readAll(UsageQuery calls, UsageQuery counts) {
    return read(calls, counts, true);
  }

  private Report read(UsageQuery calls, UsageQuery counts, boolean all) {
    Map<String, UsageSum> sums = new TreeMap<>();
    for (UsageSum sum : calls(calls, all)) {
      sums.merge(key(sum), sum, UsageSum::plus);
    }
    for (UsageSum sum : counts(counts)) {
      sums.merge(key(sum), sum, UsageSum::plus);
    }
    if (!calls.groupBy().isEmpty()) {
      sums.values().removeIf(sum -> !sum.any());
    }
    UsageSum total = sums.values().stream().reduce(UsageSum.none(Map.of()), UsageSum::plus);
    return new Report(List.copyOf(sums.values()), total);
  }

  private List<UsageSum> calls(UsageQuery query, boolean all) {
    UsageSql sql = UsageSql.calls(query, all);
    return jdbc.sql(sql.text())
        .params(sql.parameters())
        .query(
            (rows, number) ->
                new UsageSum(
                    group(rows, query, UsageSql.CALL_VALUES + 1),
                    Tally.read(rows, 1),
                    rows.getLong(UsageSql.CALL_VALUES),
                    0,
                    0,
                    0))
        .list();
  }

  private List<UsageSum> counts(UsageQuery query) {
    UsageSql sql = UsageSql.counts(query);
    return jdbc.sql(sql.text())
        .params(sql.parameters())
        .query(
            (rows, number) ->
                new UsageSum(
                    group(rows, query, UsageSql.COUNT_VALUES + 1),
                    Tally.NONE,
                    0,
                    rows.getLong(1),
                    rows.getLong(2),
                    rows.getLong(3)))
        .list();
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

  /** Calls have the day as a number, counts have the hour. */
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
}
