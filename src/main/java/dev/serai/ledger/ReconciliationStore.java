package dev.serai.ledger;

import dev.serai.ledger.Difference.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** How far comparisons have come, and what the latest one found, for all replicas. */
final class ReconciliationStore {

  private final JdbcClient jdbc;
  private final TransactionOperations transactions;

  ReconciliationStore(JdbcClient jdbc, TransactionOperations transactions) {
    this.jdbc = jdbc;
    this.transactions = transactions;
  }

  /**
   * Whether the latest one began so long ago; then one begins now, and no other replica begins. One
   * that began far ahead was begun by a clock that was wrong.
   */
  boolean claim(Instant now, Duration every) {
    return jdbc.sql(
                "UPDATE reconciliation SET started_at = :now"
                    + " WHERE started_at IS NULL OR started_at <= :due OR started_at > :ahead")
            .param("now", now.atOffset(ZoneOffset.UTC))
            .param("due", now.minus(every).atOffset(ZoneOffset.UTC))
            .param("ahead", now.plus(every).atOffset(ZoneOffset.UTC))
            .update()
        == 1;
  }

  void began(Instant now) {
    jdbc.sql("UPDATE reconciliation SET started_at = :now")
        .param("now", now.atOffset(ZoneOffset.UTC))
        .update();
  }

  /** In the caller's transaction: keeps every other replica from repairing, until that ends. */
  void lock() {
    jdbc.sql("SELECT differences FROM reconciliation FOR UPDATE").query(Long.class).single();
  }

  /** When all running budget periods were compared last; null when they never were. */
  @Nullable Instant allAt() {
    return jdbc.sql("SELECT all_at FROM reconciliation")
        .query((rows, number) -> new @Nullable Instant[] {instant(rows, 1)})
        .single()[0];
  }

  void comparedAll(Instant at) {
    jdbc.sql("UPDATE reconciliation SET all_at = :at")
        .param("at", at.atOffset(ZoneOffset.UTC))
        .update();
  }

  /** The first hour that was not compared yet; null when none was. */
  @Nullable Long nextHour() {
    return jdbc.sql("SELECT next_hour FROM reconciliation")
        .query((rows, number) -> new @Nullable Long[] {nullable(rows, 1)})
        .single()[0];
  }

  Reconciled latest() {
    List<Difference> listed =
        jdbc.sql(
                "SELECT kind, epoch_hour, subject, by_rows, kept"
                    + " FROM reconciliation_differences ORDER BY number")
            .query(
                (rows, number) ->
                    new Difference(
                        Kind.valueOf(rows.getString(1).toUpperCase(Locale.ROOT)),
                        nullable(rows, 2),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5)))
            .list();
    return jdbc.sql(
            "SELECT started_at, finished_at, hours, periods, differences, repaired"
                + " FROM reconciliation")
        .query(
            (rows, number) ->
                new Reconciled(
                    instant(rows, 1),
                    instant(rows, 2),
                    rows.getLong(3),
                    rows.getLong(4),
                    rows.getLong(5),
                    rows.getLong(6),
                    listed))
        .single();
  }

  void keep(Reconciled result, long nextHour) {
    Instant finished = result.finishedAt();
    transactions.executeWithoutResult(
        status -> {
          // First: its lock keeps another replica's result from coming in between.
          jdbc.sql(
                  "UPDATE reconciliation SET next_hour = :next, finished_at = :at, hours = :hours,"
                      + " periods = :periods, differences = :differences, repaired = :repaired")
              .param("next", nextHour)
              .param("at", finished == null ? null : finished.atOffset(ZoneOffset.UTC))
              .param("hours", result.hours())
              .param("periods", result.periods())
              .param("differences", result.differences())
              .param("repaired", result.repaired())
              .update();
          jdbc.sql("DELETE FROM reconciliation_differences").update();
          for (int i = 0; i < result.listed().size(); i++) {
            insert(i, result.listed().get(i));
          }
        });
  }

  private void insert(int number, Difference difference) {
    jdbc.sql(
            "INSERT INTO reconciliation_differences"
                + " (number, kind, epoch_hour, subject, by_rows, kept)"
                + " VALUES (:number, :kind, :hour, :subject, :rows, :kept)")
        .param("number", number)
        .param("kind", difference.kind().label())
        .param("hour", difference.hour())
        .param("subject", difference.subject())
        .param("rows", difference.byRows())
        .param("kept", difference.kept())
        .update();
  }

  private static @Nullable Long nullable(ResultSet rows, int column) throws SQLException {
    long value = rows.getLong(column);
    return rows.wasNull() ? null : (Long) value;
  }

  private static @Nullable Instant instant(ResultSet rows, int column) throws SQLException {
    OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }
}
