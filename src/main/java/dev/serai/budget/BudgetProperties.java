package dev.serai.budget;

import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What is configured of budgets, below {@code serai.budgets}; one that is set through the admin API
 * stands in for the configured one of the same subject.
 *
 * @param patience how long a call waits for money that is reserved for others and may come free,
 *     before it is refused; 0 for not at all
 * @param inputMargin what is reserved beyond a prompt's tokens where they are counted otherwise
 *     than the provider does, in per cent: 0 to 1,000, with at most two decimals
 * @param unpriced what becomes of a call without a price where a hard budget applies
 * @param tenant by tenant
 * @param key by the id of the key
 * @param role by role
 * @param provider by provider
 * @param gateway for all together; null for none
 */
@ConfigurationProperties("serai.budgets")
public record BudgetProperties(
    @DefaultValue("5s") Duration patience,
    @DefaultValue("10") BigDecimal inputMargin,
    @DefaultValue("allow") Unpriced unpriced,
    @DefaultValue Map<String, BudgetTerms> tenant,
    @DefaultValue Map<String, BudgetTerms> key,
    @DefaultValue Map<String, BudgetTerms> role,
    @DefaultValue Map<String, BudgetTerms> provider,
    @Nullable BudgetTerms gateway) {

  private static final BigDecimal MOST_PERCENT = BigDecimal.valueOf(1000);

  /** What becomes of a call whose model has no price. */
  public enum Unpriced {
    /** It is made, and recorded without a cost. */
    ALLOW,
    /** It is refused. */
    REFUSE
  }

  /** Refuses what makes no sense. */
  public BudgetProperties {
    if (inputMargin.signum() < 0
        || inputMargin.compareTo(MOST_PERCENT) > 0
        || inputMargin.stripTrailingZeros().scale() > 2) {
      throw new IllegalArgumentException(
          "serai.budgets.input-margin is "
              + inputMargin
              + ": give per cent such as 10 or 12.5, from 0 to 1000 with at most two decimals");
    }
  }

  /** The margin in hundredths of a per cent. */
  public int inputMarginHundredths() {
    return inputMargin.movePointRight(2).intValueExact();
  }

  /**
   * All that are granted.
   *
   * @throws IllegalStateException naming the entry at fault
   */
  Map<Subject, Budget> checked() {
    Map<Subject, Budget> all = new HashMap<>();
    tenant.forEach((id, terms) -> add(all, new Subject(Scope.TENANT, id), terms));
    key.forEach((id, terms) -> add(all, new Subject(Scope.KEY, id), terms));
    role.forEach((id, terms) -> add(all, new Subject(Scope.ROLE, id), terms));
    provider.forEach((id, terms) -> add(all, new Subject(Scope.PROVIDER, id), terms));
    if (gateway != null) {
      add(all, Subject.GATEWAY, gateway);
    }
    return all;
  }

  private static void add(Map<Subject, Budget> all, Subject subject, BudgetTerms terms) {
    try {
      all.put(subject, terms.of(subject, null));
    } catch (BudgetTerms.InvalidException e) {
      String entry =
          subject.scope() == Scope.GATEWAY
              ? "gateway"
              : subject.scope().label() + "." + subject.id();
      throw new IllegalStateException(
          "serai.budgets."
              + entry
              + " cannot be used: "
              + String.valueOf(e.getMessage()).replace(e.field(), e.field().replace('_', '-')),
          e);
    }
  }
}
