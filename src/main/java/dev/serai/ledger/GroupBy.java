package dev.serai.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * By what usage is added up. What made no call is known by tenant, model, role, entry and day; in
 * the other groups it is under an empty one.
 */
public enum GroupBy {
  /** Who pays. */
  TENANT("tenant_id", "tenant_id", "tenant_id"),
  /** The model as sent upstream. */
  MODEL("upstream_model", "upstream_model", "model"),
  /** The provider, by OpenTelemetry's name. */
  PROVIDER("provider_name", "provider_name", "''"),
  /** The role asked for; empty where a model was named. */
  ROLE("COALESCE(role_name, '')", "role_name", "role_name"),
  /** The way in. */
  ENTRY("entry", "entry", "entry"),
  /** The day (UTC) on which the call was made, as {@code 2025-01-31}. */
  DAY(RowIds.epochDaySql("id"), "epoch_hour / 24", "day_hour"),
  /** The gateway key that called; empty where none was presented. */
  KEY("COALESCE(key_id, '')", "key_id", "''"),
  /** Whose account at the provider paid: {@code platform} or {@code tenant}. */
  ACCOUNT("account", "account", "''"),
  /** The configured instance that was called. */
  TARGET("target", "target", "''");

  /** The names, for people. */
  public static final String NAMES =
      Arrays.stream(values()).map(GroupBy::label).collect(Collectors.joining(", "));

  private final String rowSql;
  private final String hourSql;
  private final String countSql;

  GroupBy(String rowSql, String hourSql, String countSql) {
    this.rowSql = rowSql;
    this.hourSql = hourSql;
    this.countSql = countSql;
  }

  /** The name in the admin API. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The group of a name.
   *
   * @throws IllegalArgumentException with the names that there are
   */
  public static GroupBy of(String label) {
    for (GroupBy group : values()) {
      if (group.label().equals(label)) {
        return group;
      }
    }
    throw new IllegalArgumentException("group_by takes " + NAMES);
  }

  /** Of a row of {@code llm_usage}. */
  String rowSql() {
    return rowSql;
  }

  /** Of a row of {@code usage_hours}. */
  String hourSql() {
    return hourSql;
  }

  /** Of a row of {@code usage_counts}. */
  String countSql() {
    return countSql;
  }
}
