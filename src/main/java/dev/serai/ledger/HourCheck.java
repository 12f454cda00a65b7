package dev.serai.ledger;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Compares the sums of an hour with its rows, and looks for rows that nobody is going to close. */
final class HourCheck {
  private static final String KEYS =
      UsageKey.HOUR_COLUMNS.stream().skip(1).collect(Collectors.joining(", "));
  private static final String ROW_KEYS =
      KEYS.replace("key_id", "COALESCE(key_id, '')")
          .replace("role_name", "COALESCE(role_name, '')");
  private static final String ROW_KEYS_NAMED =
      ROW_KEYS
          .replace("COALESCE(key_id, '')", "COALESCE(key_id, '') AS key_id")
          .replace("COALESCE(role_name, '')", "COALESCE(role_name, '') AS role_name");

  /** One statement, so that both are as of the same moment. */
  private static final String DIFFERENCES =
      "SELECT CAST(:hour AS BIGINT), %s, %s, %s FROM (SELECT %s, %s, %s FROM llm_usage"
              .formatted(
                  KEYS,
                  columns("sum(r%d)"),
                  columns("sum(k%d)"),
                  ROW_KEYS_NAMED,
                  ofRows(),
                  columns("0 AS k%d"))
          + " WHERE id >= :from AND id < :to AND state NOT IN ('open', 'not_sent') GROUP BY "
          + ROW_KEYS
          + " UNION ALL SELECT %s, %s, %s FROM usage_hours WHERE epoch_hour = :hour) AS compared"
              .formatted(KEYS, columns("0 AS r%d"), kept())
          + " GROUP BY "
          + KEYS
          + " HAVING "
          + columns("sum(r%1$d) <> sum(k%1$d)").replace(", ", " OR ")
          + " ORDER BY "
          + KEYS
          + " LIMIT :most";

  /** Sums that differ. */
  record Differing(UsageKey key, Tally byRows, Tally kept) {

    Difference told() {
      long[] mine = byRows.values();
      long[] theirs = kept.values();
      int[] differ = IntStream.range(0, mine.length).filter(i -> mine[i] != theirs[i]).toArray();
      return new Difference(
          Difference.Kind.HOUR,
          key.epochHour(),
          "hour=%s tenant=%s key=%s account=%s entry=%s role=%s target=%s provider=%s model=%s"
              .formatted(
                  key.hour(),
                  key.tenantId(),
                  key.keyId(),
                  key.account(),
                  key.entry(),
                  key.roleName(),
                  key.target(),
                  key.providerName(),
                  key.model()),
          figures(mine, differ),
          figures(theirs, differ));
    }

    private static String figures(long[] values, int[] which) {
      return Arrays.stream(which)
          .mapToObj(i -> Tally.COLUMNS.get(i).name() + "=" + values[i])
          .collect(Collectors.joining(" "));
    }
  }

  private final JdbcClient jdbc;

  HourCheck(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** The sums of an hour that differ from its rows, so many at most. */
  List<Differing> differing(long hour, int most) {
    return jdbc.sql(DIFFERENCES)
        .param("hour", hour)
        .param("from", HourRange.lowestId(hour))
        .param("to", HourRange.lowestId(hour + 1))
        .param("most", most)
        .query(
            (rows, number) ->
                new Differing(
                    UsageKey.ofHours(rows),
                    Tally.read(rows, UsageKey.HOUR_COLUMNS.size() + 1),
                    Tally.read(rows, UsageKey.HOUR_COLUMNS.size() + Tally.COLUMNS.size() + 1)))
        .list();
  }

  /** The rows of an hour that are open although no replica is there that may close them. */
  List<Difference> abandoned(long hour, int most) {
    return jdbc.sql(
            "SELECT id, request_id, replica FROM llm_usage WHERE id >= :from AND id < :to"
                + " AND state = 'open' AND NOT EXISTS (SELECT 1 FROM replicas"
                + " WHERE replicas.number = llm_usage.replica"
                + " AND replicas.open_from <= llm_usage.id) ORDER BY id LIMIT :most")
        .param("from", HourRange.lowestId(hour))
        .param("to", HourRange.lowestId(hour + 1))
        .param("most", most)
        .query(
            (rows, number) ->
                new Difference(
                    Difference.Kind.OPEN_ROW,
                    hour,
                    "row=%d request=%s".formatted(rows.getLong(1), rows.getString(2)),
                    "state=open",
                    "replica=%d is gone".formatted(rows.getInt(3))))
        .list();
  }

  /** The first hour of which there is anything; null when there is nothing. */
  List<Long> firstHours() {
    List<Long> first = new ArrayList<>();
    jdbc.sql("SELECT min(id) FROM llm_usage")
        .query(Long.class)
        .optional()
        .ifPresent(id -> first.add(UsageKey.epochHour(RowIds.timeOf(id))));
    jdbc.sql("SELECT min(epoch_hour) FROM usage_hours")
        .query(Long.class)
        .optional()
        .ifPresent(first::add);
    return first;
  }

  /** The hour that has begun last: all before it are over. */
  static long running(Instant now) {
    return UsageKey.epochHour(now);
  }

  private static String columns(String form) {
    return IntStream.range(0, Tally.COLUMNS.size())
        .mapToObj(form::formatted)
        .collect(Collectors.joining(", "));
  }

  private static String ofRows() {
    return IntStream.range(0, Tally.COLUMNS.size())
        .mapToObj(i -> "COALESCE(sum(%s), 0) AS r%d".formatted(Tally.COLUMNS.get(i).ofRow(), i))
        .collect(Collectors.joining(", "));
  }

  private static String kept() {
    return IntStream.range(0, Tally.COLUMNS.size())
        .mapToObj(i -> "%s AS k%d".formatted(Tally.COLUMNS.get(i).name(), i))
        .collect(Collectors.joining(", "));
  }
}
