package dev.serai.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.alert.Alert.Finding;
import dev.serai.budget.Budget;
import dev.serai.budget.Budget.Mode;
import dev.serai.budget.OpenPeriod;
import dev.serai.budget.Period;
import dev.serai.budget.Standing;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BudgetWatchTest {
  private static final long DOLLAR = Replica.DOLLAR;

  private static Standing standing(Budget budget, Instant now, long carried, long spent) {
    return new Standing(new OpenPeriod(1, budget, budget.spanAt(now)), carried, spent, 0);
  }

  private static List<Finding> words(
      Standing standing, boolean refusing, List<Integer> thresholds, Instant now) {
    return BudgetWatch.passed(standing, refusing, thresholds, now).stream()
        .map(passed -> BudgetWatch.finding(standing, passed, now))
        .toList();
  }

  /** Of ten dollars; March has 31 days, the tenth of which ends at 02:24 of the 4th. */
  @ParameterizedTest
  @CsvSource({
    "DAY,   2026-03-10T12:00:00Z,  5.000000001, 2026-03-10T23:59:59.999Z",
    "DAY,   2026-03-10T12:00:00Z,  5.000000000, ",
    "DAY,   2026-03-10T02:24:00Z,  9.6,         2026-03-10T02:30:00Z",
    "DAY,   2026-03-10T02:23:59Z,  9.6,         ",
    "DAY,   2026-03-10T12:00:00Z, 10.0,         ",
    "DAY,   2026-03-10T12:00:00Z,  0.0,         ",
    "MONTH, 2026-03-16T12:00:00Z,  7.75,        2026-03-21T00:00:00Z",
    "MONTH, 2026-03-04T02:23:59Z,  9.0,         ",
    "TOTAL, 2026-03-10T12:00:00Z,  9.9,         "
  })
  void says_when_a_budget_will_be_gone_if_it_does_not_last(
      Period period, Instant now, String usd, Instant gone) {
    long spent = new java.math.BigDecimal(usd).movePointRight(9).longValueExact();
    Standing standing = standing(Replica.budget(period, Mode.HARD), now, 0, spent);

    assertThat(BudgetWatch.forecast(standing, now)).isEqualTo(gone);
  }

  @ParameterizedTest
  @CsvSource({"0,0", "4999999999,0", "5000000000,1", "9999999999,3", "10000000000,4"})
  void a_threshold_is_passed_when_that_much_is_spent(long spent, int passed) {
    Instant now = Instant.parse("2026-03-10T12:00:00Z");
    Standing standing = standing(Replica.budget(Period.TOTAL, Mode.SOFT), now, 0, spent);

    assertThat(BudgetWatch.passed(standing, false, List.of(50, 80, 95, 100), now)).hasSize(passed);
  }

  @ParameterizedTest
  @CsvSource({"9499999999,2", "9500000000,4"})
  void a_hard_budget_that_refuses_calls_at_its_end_is_used_up(long spent, int passed) {
    Instant now = Instant.parse("2026-03-10T12:00:00Z");
    Standing standing = standing(Replica.budget(Period.TOTAL, Mode.HARD), now, 0, spent);

    assertThat(BudgetWatch.passed(standing, true, List.of(50, 80, 95, 100, 120), now))
        .hasSize(passed);
  }

  @ParameterizedTest
  @CsvSource({
    "TOTAL, 9.6, 'The budget of tenant acme refuses calls: $9.60 of $10.00 are spent in total, and"
        + " a call did not fit. Raise it with PUT /admin/v1/budgets/tenant/acme.'",
    "DAY, 9.6, 'The budget of tenant acme refuses calls: $9.60 of $10.00 are spent for the day that"
        + " ends 2026-03-11 00:00 UTC, and a call did not fit. Raise it with PUT"
        + " /admin/v1/budgets/tenant/acme, or wait.'",
    "TOTAL, 10, 'Tenant acme has passed 100 % of its budget: $10.00 of $10.00 are spent in total."
        + " Calls are refused until it is raised with PUT /admin/v1/budgets/tenant/acme.'",
    "DAY, 10, 'Tenant acme has passed 100 % of its budget: $10.00 of $10.00 are spent for the day"
        + " that ends 2026-03-11 00:00 UTC. Calls are refused until then: raise it with PUT"
        + " /admin/v1/budgets/tenant/acme, or wait.'"
  })
  void a_budget_that_is_used_up_says_what_is_spent_and_how_it_goes_on(
      Period period, String usd, String text) {
    Instant now = Instant.parse("2026-03-10T12:00:00Z");
    long spent = new java.math.BigDecimal(usd).movePointRight(9).longValueExact();
    Standing standing = standing(Replica.budget(period, Mode.HARD), now, 0, spent);

    Finding finding = words(standing, true, List.of(100), now).getFirst();

    assertThat(finding.message()).isEqualTo(text);
    assertThat(new Alert(1, "1", finding, now).title())
        .isEqualTo(
            "Budget of tenant/acme"
                + (spent < 10 * DOLLAR ? " refuses calls" : ": 100 % of the " + period.label()));
  }

  @Test
  void of_a_period_that_is_over_only_thresholds_are_told() {
    Instant now = Instant.parse("2026-03-10T23:00:00Z");
    Standing standing = standing(Replica.budget(Period.DAY, Mode.HARD), now, 0, 96 * DOLLAR / 10);

    List<Finding> findings =
        words(standing, true, List.of(95, 100), Instant.parse("2026-03-11T00:00:00Z"));

    assertThat(findings)
        .extracting(Finding::message)
        .containsExactly(
            "Tenant acme has passed 95 % of its budget: $9.60 of $10.00 are spent for the day that"
                + " ended 2026-03-11 00:00 UTC. That was found after its end, by calls that were"
                + " settled late; see what spent it with GET /admin/v1/usage.");
  }

  @Test
  void the_largest_sums_are_compared_exactly() {
    Budget most =
        new Budget(
            Replica.ACME,
            Budget.MOST,
            Period.TOTAL,
            ZoneId.of("UTC"),
            Mode.SOFT,
            false,
            Budget.OnBudget.REFUSE,
            null);
    Instant now = Instant.parse("2026-03-10T12:00:00Z");
    Standing standing = standing(most, now, 0, Budget.MOST * 9);

    assertThat(BudgetWatch.passed(standing, false, List.of(50, 899, 900, 901), now)).hasSize(3);
  }

  @Test
  void what_was_carried_over_counts_and_times_are_those_of_the_budget() {
    Budget budget =
        new Budget(
            Replica.ACME,
            10 * DOLLAR,
            Period.DAY,
            ZoneId.of("Europe/Berlin"),
            Mode.SOFT,
            true,
            Budget.OnBudget.REFUSE,
            null);
    Instant now = Instant.parse("2026-03-10T22:30:00Z");
    Standing standing = standing(budget, now, 2 * DOLLAR, 6 * DOLLAR);

    List<Finding> findings = words(standing, false, List.of(50, 60), now);

    assertThat(findings).hasSize(1);
    assertThat(findings.getFirst().message())
        .isEqualTo(
            "Tenant acme has passed 50 % of its budget: $6.00 of $12.00 are spent for the day that"
                + " ends 2026-03-11 00:00 Europe/Berlin. It is a soft budget, so calls go on; see"
                + " what spends it with GET /admin/v1/usage, or raise it with PUT"
                + " /admin/v1/budgets/tenant/acme.");
    assertThat(findings.getFirst().periodStart()).isEqualTo("2026-03-09T23:00:00Z");
  }
}
