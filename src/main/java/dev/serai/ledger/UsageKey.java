package dev.serai.ledger;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * By what usage is added up, of one row.
 *
 * @param hour in which the call was made, by its id (UTC)
 * @param tenantId who called
 * @param keyId the gateway key; empty where none was presented
 * @param account whose account at the provider pays
 * @param entry the way in
 * @param roleName the role asked for; empty where a model was named
 * @param target the configured instance that was called
 * @param providerName OpenTelemetry's name of its provider
 * @param model as sent upstream
 */
record UsageKey(
    Instant hour,
    String tenantId,
    String keyId,
    String account,
    String entry,
    String roleName,
    String target,
    String providerName,
    String model)
    implements Comparable<UsageKey> {

  private static final long HOUR_SECONDS = 3600;

  /** The columns of {@code usage_hours}: the hour, then those of {@link #texts()}. */
  static final List<String> HOUR_COLUMNS =
      List.of(
          "epoch_hour",
          "tenant_id",
          "key_id",
          "account",
          "entry",
          "role_name",
          "target",
          "provider_name",
          "upstream_model");

  /** The columns that {@link #of(long, ResultSet)} reads. */
  static final String COLUMNS =
      "tenant_id, key_id, account, entry, role_name, target, provider_name, upstream_model";

  static UsageKey of(OpenRow row) {
    return new UsageKey(
        hour(row.id()),
        row.tenantId(),
        or(row.keyId()),
        row.account().label(),
        row.entry(),
        or(row.roleName()),
        row.target(),
        row.providerName(),
        row.upstreamModel());
  }

  static UsageKey of(long id, ResultSet row) throws SQLException {
    return new UsageKey(
        hour(id),
        row.getString("tenant_id"),
        or(row.getString("key_id")),
        row.getString("account"),
        row.getString("entry"),
        or(row.getString("role_name")),
        row.getString("target"),
        row.getString("provider_name"),
        row.getString("upstream_model"));
  }

  /** Of the columns {@link #HOUR_COLUMNS}, the first being the answer's first. */
  static UsageKey ofHours(ResultSet row) throws SQLException {
    return new UsageKey(
        Instant.ofEpochSecond(row.getLong(1) * HOUR_SECONDS),
        row.getString(2),
        row.getString(3),
        row.getString(4),
        row.getString(5),
        row.getString(6),
        row.getString(7),
        row.getString(8),
        row.getString(9));
  }

  /** The hour, counted from 1970. */
  long epochHour() {
    return epochHour(hour);
  }

  static long epochHour(Instant time) {
    return Math.floorDiv(time.getEpochSecond(), HOUR_SECONDS);
  }

  /** SQL for the hour (UTC, hours since 1970) of the row whose id is in a column. */
  static String epochHourSql(String column) {
    return RowIds.epochMillisSql(column) + " / 3600000";
  }

  /** All but the hour, in the order of {@link #HOUR_COLUMNS}. */
  List<String> texts() {
    return List.of(tenantId, keyId, account, entry, roleName, target, providerName, model);
  }

  /** The order in which sums are locked. */
  @Override
  public int compareTo(UsageKey other) {
    int order = hour.compareTo(other.hour);
    Iterator<String> theirs = other.texts().iterator();
    for (String mine : texts()) {
      if (order != 0) {
        break;
      }
      order = mine.compareTo(theirs.next());
    }
    return order;
  }

  private static Instant hour(long id) {
    return RowIds.timeOf(id).truncatedTo(ChronoUnit.HOURS);
  }

  private static String or(@Nullable String text) {
    return text == null ? "" : text;
  }
}
