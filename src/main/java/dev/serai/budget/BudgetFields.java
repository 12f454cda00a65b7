package dev.serai.budget;

import dev.serai.limit.Scope;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;

/**
 * Refuses fields that no budget has: a misspelt {@code limit-usd} must not pass for a budget that
 * was never granted, nor a misspelt {@code mode} for a hard one.
 */
final class BudgetFields {

  private static final Set<String> KNOWN =
      Set.of("limitusd", "period", "timezone", "mode", "carryover", "onbudget");
  private static final Bindable<Map<String, Object>> ANY =
      Bindable.mapOf(String.class, Object.class);

  private BudgetFields() {}

  /**
   * Looks at all budgets that are configured.
   *
   * @throws IllegalStateException naming the first field that is unknown
   */
  static void check(Binder binder) {
    for (Scope scope : Scope.values()) {
      String prefix = "serai.budgets." + scope.label();
      Map<String, Object> entries = binder.bind(prefix, ANY).orElse(Map.of());
      if (scope == Scope.GATEWAY) {
        check(prefix, entries.keySet());
      } else {
        entries.forEach(
            (id, terms) -> {
              if (terms instanceof Map<?, ?> fields) {
                check(prefix + "." + id, fields.keySet());
              }
            });
      }
    }
  }

  private static void check(String entry, Set<?> fields) {
    for (Object field : fields) {
      String name = String.valueOf(field).replaceAll("[-_]", "").toLowerCase(Locale.ROOT);
      if (!KNOWN.contains(name)) {
        throw new IllegalStateException(
            entry
                + " has the unknown field "
                + field
                + ": a budget has limit-usd, period, time-zone, mode, carry-over and on-budget");
      }
    }
  }
}
