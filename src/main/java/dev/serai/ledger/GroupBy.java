package dev.serai.ledger;

import java.util.Locale;

/** By what usage is added up. */
public enum GroupBy {
  /** Who pays. */
  TENANT("tenant_id", "tenant_id"),
  /** The model as sent upstream. */
  MODEL("upstream_model", "model"),
  /** The provider, by OpenTelemetry's name; counts without a call have an empty one. */
  PROVIDER("provider_name", "''"),
  /** The role asked for; empty where a model was named. */
  ROLE("COALESCE(role_name, '')", "role_name"),
  /** The way in. */
  ENTRY("entry", "entry"),
  /** The day (UTC) on which the call was made, as {@code 2025-01-31}. */
  DAY(RowIds.epochDaySql("id"), "day_hour");

  private final String usageSql;
  private final String countSql;

  GroupBy(String usageSql, String countSql) {
    this.usageSql = usageSql;
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
    throw new IllegalArgumentException(
        "group_by takes tenant, model, provider, role, entry and day");
  }

  String usageSql() {
    return usageSql;
  }

  String countSql() {
    return countSql;
  }
}
