package dev.serai.alert;

import dev.serai.alert.Alert.Kind;
import dev.serai.budget.Budget;
import dev.serai.budget.Period;
import dev.serai.budget.Standing;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import dev.serai.policy.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Alerts in words, for somebody who was just woken up: what is the case, and what to do. Nothing in
 * them is a mark for a chat program or ends a line.
 */
final class Wording {

  private static final Pattern UNFIT = Pattern.compile("[^A-Za-z0-9 ._:/@+,%$-]");
  private static final int LONGEST_NAME = 200;
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private static final String COMPUTED_USD = "computed_usd";
  private static final String PROVIDER_USD = "provider_usd";

  private Wording() {}

  /** What a stranger may have named, fit for any reader: at most 200 characters. */
  static String name(String text) {
    String cut = text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text;
    return UNFIT.matcher(cut).replaceAll("_");
  }

  static String threshold(Standing standing, int percent, Instant now) {
    Budget budget = standing.open().budget();
    return String.format(
        Locale.ROOT,
        "%s has passed %d %% of its budget: %s of %s are spent%s. %s",
        whose(budget.subject()),
        percent,
        Money.text(standing.spentNanos()),
        Money.text(standing.capNanos()),
        duration(standing, now),
        advice(standing, percent, now));
  }

  /** Of a budget that counts as used up because a call did not fit into its rest. */
  static String refusing(Standing standing) {
    Budget budget = standing.open().budget();
    return String.format(
        Locale.ROOT,
        "%s refuses calls: %s of %s are spent%s, and a call did not fit. Raise it with %s%s.",
        budgetOf(budget.subject()),
        Money.text(standing.spentNanos()),
        Money.text(standing.capNanos()),
        duration(standing),
        put(budget),
        standing.open().span().end() == null ? "" : ", or wait");
  }

  private static String put(Budget budget) {
    return "PUT /admin/v1/budgets/" + budget.subject().path();
  }

  private static String advice(Standing standing, int percent, Instant now) {
    Budget budget = standing.open().budget();
    String path = put(budget);
    if (!standing.open().span().holds(now)) {
      return "That was found after its end, by calls that were settled late; see what spent it"
          + " with GET /admin/v1/usage.";
    }
    if (!budget.hard()) {
      return "It is a soft budget, so calls go on; see what spends it with GET /admin/v1/usage, or"
          + " raise it with "
          + path
          + ".";
    }
    if (percent < 100) {
      return "When it is spent calls are refused; see what spends it with GET /admin/v1/usage, or"
          + " raise it with "
          + path
          + ".";
    }
    return standing.open().span().end() == null
        ? "Calls are refused until it is raised with " + path + "."
        : "Calls are refused until then: raise it with " + path + ", or wait.";
  }

  static String forecast(Standing standing, Instant reached) {
    Budget budget = standing.open().budget();
    return String.format(
        Locale.ROOT,
        "%s will spend its budget too early: at this rate all of %s is gone by %s%s, and %s is"
            + " already. See what spends it with GET /admin/v1/usage, or raise it with PUT"
            + " /admin/v1/budgets/%s.",
        whose(budget.subject()),
        Money.text(standing.capNanos()),
        minute(reached, budget.zone()),
        duration(standing),
        Money.text(standing.spentNanos()),
        budget.subject().path());
  }

  static String jump(String tenant, long today, long usual, int days) {
    return String.format(
        Locale.ROOT,
        "Tenant %s has spent %s today (UTC), %s times its usual %s a day (mean of the %d of the"
            + " last 7 days on which it spent anything). See who spends it with GET"
            + " /admin/v1/usage?tenant=%s&group_by=model,day; a budget or a limit for the tenant or"
            + " for one of its keys stops it.",
        name(tenant),
        Money.text(today),
        times(today, usual),
        Money.text(usual),
        days,
        name(tenant));
  }

  private static String times(long today, long usual) {
    return BigDecimal.valueOf(today)
        .divide(BigDecimal.valueOf(usual), 1, RoundingMode.DOWN)
        .toPlainString();
  }

  /** What somebody else found. */
  static String found(Kind kind, String subject, Map<String, String> details) {
    return switch (kind) {
      case UNPRICED_MODEL ->
          String.format(
              Locale.ROOT,
              "Model %s has no price: its calls are recorded without a cost. Add it to"
                  + " config/models.yaml.",
              name(subject));
      case COST_DIFFERENCE ->
          String.format(
              Locale.ROOT,
              "Model %s: the provider says that a call cost %s, where %s was computed. Compare the"
                  + " model's price in config/models.yaml with the provider's.",
              name(subject),
              usd(details, PROVIDER_USD),
              usd(details, COMPUTED_USD));
      case RECONCILIATION ->
          String.format(
              Locale.ROOT,
              "Sums that must be equal differ for %s (%s). The rows of the ledger are right: GET"
                  + " /admin/v1/reconciliation lists the differences, and POST"
                  + " /admin/v1/reconciliation?repair=true sets sums of hours and budgets to what"
                  + " the rows add up to.",
              name(subject),
              listed(details));
      case BUDGET_THRESHOLD, BUDGET_FORECAST, SPEND_JUMP ->
          throw new IllegalArgumentException(kind + " is found by the alerts themselves");
    };
  }

  /** In place of all further ones of a day. */
  static String more(int told) {
    return String.format(
        Locale.ROOT,
        "More than %d models without a price were called today (UTC): no more are told one by one."
            + " GET /admin/v1/usage/rows?cost_state=unpriced lists the calls; add the models to"
            + " config/models.yaml, or limit keys to some models.",
        told);
  }

  private static String usd(Map<String, String> details, String name) {
    String value = details.get(name);
    return value == null ? "an unknown amount" : Money.text(new BigDecimal(value));
  }

  private static String listed(Map<String, String> details) {
    return details.entrySet().stream()
        .map(detail -> name(detail.getKey()) + " " + name(detail.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String whose(Subject subject) {
    if (subject.scope() == Scope.GATEWAY) {
      return "The gateway";
    }
    String scope = subject.scope().label();
    return scope.substring(0, 1).toUpperCase(Locale.ROOT)
        + scope.substring(1)
        + " "
        + name(subject.id());
  }

  private static String budgetOf(Subject subject) {
    return subject.scope() == Scope.GATEWAY
        ? "The budget of the gateway"
        : "The budget of " + subject.scope().label() + " " + name(subject.id());
  }

  private static String duration(Standing standing) {
    return duration(standing, standing.open().span().start());
  }

  private static String duration(Standing standing, Instant now) {
    Budget budget = standing.open().budget();
    Instant end = standing.open().span().end();
    if (budget.period() == Period.TOTAL || end == null) {
      return " in total";
    }
    return String.format(
        Locale.ROOT,
        " for the %s that %s %s",
        budget.period().label(),
        standing.open().span().holds(now) ? "ends" : "ended",
        minute(end, budget.zone()));
  }

  private static String minute(Instant instant, ZoneId zone) {
    ZoneId named = zone instanceof ZoneOffset ? ZoneId.of("UTC") : zone;
    return MINUTE.format(instant.atZone(named)) + " " + named.getId();
  }
}
