package dev.serai.route;

import dev.serai.budget.Budget;
import dev.serai.budget.Budget.OnBudget;
import dev.serai.budget.BudgetProperties;
import dev.serai.budget.BudgetProperties.Unpriced;
import dev.serai.budget.Budgets;
import dev.serai.budget.OpenPeriod;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.egress.UpstreamException;
import dev.serai.ledger.Account;
import dev.serai.ledger.BudgetRefusal;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import dev.serai.policy.Money;
import dev.serai.telemetry.Meters;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** Finds the budgets that a call is paid from, and says what to do where they have no room. */
@Component
final class Funds {

  private final Budgets budgets;
  private final Unpriced unpriced;
  private final Meters meters;

  Funds(Budgets budgets, BudgetProperties settings, Meters meters) {
    this.budgets = budgets;
    this.unpriced = settings.unpriced();
    this.meters = meters;
  }

  /**
   * The running periods of the budgets that an attempt counts for. Those of a tenant and a key
   * count whoever pays the provider; those of a role, a provider and the gateway count what the
   * platform pays.
   */
  List<OpenPeriod> of(Call call, Attempt attempt) {
    return budgets.any()
        ? budgets.applying(subjects(call, attempt.target, attempt.payer))
        : List.of();
  }

  /** As {@link #of}, without those whose period is not in memory: the database is away. */
  List<OpenPeriod> known(Call call, Attempt attempt) {
    return budgets.any() ? budgets.known(subjects(call, attempt.target, attempt.payer)) : List.of();
  }

  /** Whether one of the budgets that such an attempt would count for is never to be exceeded. */
  boolean hard(Call call, Target target, Payer payer) {
    return budgets.any() && budgets.hard(subjects(call, target, payer));
  }

  private static List<Subject> subjects(Call call, Target target, Payer payer) {
    List<Subject> subjects = new ArrayList<>(5);
    subjects.add(new Subject(Scope.TENANT, call.tenant().id()));
    if (call.key != null) {
      subjects.add(new Subject(Scope.KEY, call.key.id()));
    }
    if (payer.account() == Account.PLATFORM) {
      if (call.role != null) {
        subjects.add(new Subject(Scope.ROLE, call.role.name()));
      }
      subjects.add(new Subject(Scope.PROVIDER, target.provider().id()));
      subjects.add(Subject.GATEWAY);
    }
    return subjects;
  }

  /** What was known of them is out of date. */
  void refresh() {
    budgets.refresh();
  }

  /** The attempt does not fit; nothing of it was sent. */
  RuntimeException refused(Call call, List<OpenPeriod> open, BudgetRefusal refusal) {
    OpenPeriod full =
        open.stream()
            .filter(period -> period.id() == refusal.period())
            .findFirst()
            .orElse(open.getFirst());
    if (!refusal.mayFitSoon()) {
      budgets.refused(full);
    }
    return refused(call, full.budget(), error(full, refusal));
  }

  private RuntimeException refused(Call call, Budget budget, ApiError error) {
    call.attempts--;
    call.limited = true;
    meters.overBudget(budget.subject().scope().label());
    return new UpstreamException(
        new Failure.OverBudget(
            error,
            budget.onBudget() == OnBudget.DEGRADE,
            budget.subject().scope() == Scope.PROVIDER),
        false);
  }

  /**
   * Refuses, where that is configured, what a hard budget cannot be held against.
   *
   * @throws UpstreamException when it is to be refused
   */
  void refuseUnpriced(Call call, Attempt attempt, List<OpenPeriod> open) {
    boolean priced = attempt.estimate.charge().nanos() != null;
    if (unpriced == Unpriced.ALLOW || (priced && attempt.estimate.bounded())) {
      return;
    }
    for (OpenPeriod period : open) {
      if (period.budget().hard()) {
        throw refused(
            call,
            period.budget(),
            ApiError.budgetExceeded(
                (priced
                        ? "This call has a file of which nobody knows the size, so that the %s"
                            + " cannot be held against it: send the file itself as a data URL, or"
                            + " name a model with a context-window."
                        : "This model has no price, so that the %s cannot be held against it: name"
                            + " a model that GET /v1/models lists, or have its price added to"
                            + " config/models.yaml.")
                    .formatted(name(period.budget()))));
      }
    }
  }

  private static ApiError error(OpenPeriod full, BudgetRefusal refusal) {
    Instant resets = full.span().end();
    return ApiError.budgetExceeded(
        String.format(
            Locale.ROOT,
            "The %s of %s has %s left and this call may cost up to %s: %s, ask for a shorter answer"
                + " with max_tokens or for a cheaper model, or have the budget raised.",
            name(full.budget()),
            Money.text(refusal.capNanos()),
            Money.text(refusal.leftNanos()),
            Money.text(refusal.wantedNanos()),
            resets == null ? "it is never granted again" : "it resets at " + resets));
  }

  private static String name(Budget budget) {
    String period =
        switch (budget.period()) {
          case DAY -> "daily budget";
          case WEEK -> "weekly budget";
          case MONTH -> "monthly budget";
          case TOTAL -> "total budget";
        };
    Subject subject = budget.subject();
    return subject.scope() == Scope.GATEWAY
        ? period + " of the gateway"
        : period + " of the " + subject.scope().label() + " " + subject.id();
  }
}
