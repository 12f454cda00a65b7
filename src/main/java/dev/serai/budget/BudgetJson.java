package dev.serai.budget;

import dev.serai.policy.Money;
import java.util.Locale;

/** A budget as the audit has it. */
final class BudgetJson {
  private BudgetJson() {}

  static String of(Budget budget) {
    return String.format(
        Locale.ROOT,
        "{\"limit_usd\":\"%s\",\"period\":\"%s\",\"time_zone\":\"%s\",\"mode\":\"%s\","
            + "\"carry_over\":%s,\"on_budget\":\"%s\"}",
        Money.usd(budget.limitNanos()).toPlainString(),
        budget.period().label(),
        budget.zone().getId(),
        budget.mode().label(),
        budget.carryOver(),
        budget.onBudget().label());
  }
}
