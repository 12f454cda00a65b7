package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.budget.Budget;
import dev.serai.budget.OpenPeriod;
import dev.serai.budget.Period;
import dev.serai.ledger.BudgetRefusal;
import dev.serai.limit.Subject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class KnownRefusalsTest {
  private static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");
  private static final BudgetRefusal FULL = new BudgetRefusal(1, 100, 95, 0, 10);

  private final KnownRefusals refusals = new KnownRefusals(Duration.ofNanos(100));
  private final List<OpenPeriod> open = List.of(period(1, 100), period(2, 1_000));

  private static OpenPeriod period(long id, long limit) {
    Budget budget =
        new Budget(
            Subject.GATEWAY,
            limit,
            Period.DAY,
            ZoneOffset.UTC,
            Budget.Mode.HARD,
            false,
            Budget.OnBudget.REFUSE,
            NOW);
    return new OpenPeriod(id, budget, budget.spanAt(NOW));
  }

  @Test
  void who_wants_as_much_as_did_not_fit_just_now_is_refused() {
    assertThat(refusals.of(open, 10, 0)).isNull();
    refusals.add(open, FULL, 0);

    assertThat(refusals.of(open, 10, 100)).isEqualTo(FULL);
    assertThat(refusals.of(open, 12, 1)).isEqualTo(new BudgetRefusal(1, 100, 95, 0, 12));
    assertThat(refusals.of(open, 9, 1)).isNull();
    assertThat(refusals.of(List.of(period(2, 1_000)), 10, 1)).isNull();
  }

  @Test
  void it_is_forgotten_after_a_while() {
    refusals.add(open, FULL, 0);

    assertThat(refusals.of(open, 10, 101)).isNull();
    assertThat(refusals.of(open, 10, 1)).isNull();
  }

  @Test
  void it_does_not_hold_for_a_budget_that_was_changed() {
    refusals.add(open, FULL, 0);

    assertThat(refusals.of(List.of(period(1, 200)), 10, 1)).isNull();
  }

  @Test
  void what_calls_under_way_may_make_room_for_is_not_remembered() {
    refusals.add(open, new BudgetRefusal(1, 100, 90, 10, 10), 0);

    assertThat(refusals.of(open, 10, 1)).isNull();
  }
}
