package dev.serai.alert;

import static dev.serai.alert.Replica.DOLLAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.alert.Alert.Kind;
import dev.serai.budget.Budget.Mode;
import dev.serai.budget.Period;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Alerts of budgets fire once in their period, on every database. */
abstract class BudgetAlertsContract extends TwoReplicas {
  private void grant(Period period) {
    one.budgets.put(Replica.budget(period, Mode.HARD), "test");
    two.budgets.refresh();
  }

  @Test
  void each_threshold_fires_once_and_those_that_are_jumped_over_in_their_order() {
    grant(Period.TOTAL);
    one.spent(499);
    one.budgetWatch.look();
    assertThat(one.thresholds()).isEmpty();

    one.spent(500);
    one.budgetWatch.look();
    one.budgetWatch.look();
    two.budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(50);

    two.spent(970);
    two.budgetWatch.look();
    one.budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(50, 80, 95);

    one.spent(1000);
    one.budgetWatch.look();

    assertThat(one.thresholds()).containsExactly(50, 80, 95, 100);
    assertThat(one.fired().getLast().line())
        .isEqualTo(
            "Tenant acme has passed 100 % of its budget: $10.00 of $10.00 are spent in total. Calls"
                + " are refused until it is raised with PUT /admin/v1/budgets/tenant/acme.");
  }

  @Test
  void replicas_that_look_at_the_same_time_fire_once_and_deliver_once() throws Exception {
    grant(Period.TOTAL);
    one.spent(1200);
    int replicas = 4;
    CyclicBarrier start = new CyclicBarrier(replicas);
    List<Callable<List<Delivery>>> looks = new ArrayList<>();
    for (int i = 0; i < replicas; i++) {
      Replica replica = replica();
      looks.add(
          () -> {
            start.await();
            replica.budgetWatch.look();
            start.await();
            return replica.deliveries.claim(Channel.WEBHOOK);
          });
    }

    List<Delivery> delivered = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(replicas)) {
      for (Future<List<Delivery>> look : threads.invokeAll(looks)) {
        delivered.addAll(look.get());
      }
    }

    assertThat(one.thresholds()).containsExactlyInAnyOrder(50, 80, 95, 100);
    assertThat(delivered)
        .extracting(delivery -> delivery.alert().finding().threshold())
        .containsExactlyInAnyOrder(50, 80, 95, 100);
  }

  @Test
  void nothing_fires_again_after_a_restart_and_all_anew_in_the_next_period() {
    grant(Period.DAY);
    clock.set("2026-03-10T23:59:00Z");
    one.spent(600);
    one.budgetWatch.look();
    replica().budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(50);

    clock.set("2026-03-11T00:00:01Z");
    one.budgetWatch.look();
    one.spent(600);
    replica().budgetWatch.look();
    one.budgetWatch.look();

    assertThat(one.thresholds()).containsExactly(50, 50);
    assertThat(one.fired())
        .extracting(alert -> alert.finding().periodStart())
        .containsExactly(
            Instant.parse("2026-03-10T00:00:00Z"), Instant.parse("2026-03-11T00:00:00Z"));
  }

  @Test
  void a_threshold_that_a_call_passes_after_the_end_of_its_period_is_told() {
    grant(Period.DAY);
    clock.set("2026-03-10T23:59:59Z");
    one.spent(600);
    one.budgetWatch.look();
    one.spent(850);
    clock.set("2026-03-11T01:59:59Z");
    two.budgetWatch.look();
    one.budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(50, 80);

    clock.set("2026-03-10T23:59:59Z");
    one.spent(1000);
    clock.set("2026-03-11T02:00:01Z");
    one.budgetWatch.look();

    assertThat(one.thresholds()).containsExactly(50, 80);
  }

  @ParameterizedTest
  @EnumSource(names = {"DAY", "TOTAL"})
  void a_budget_that_is_granted_anew_is_told_of_anew(Period period) {
    grant(period);
    clock.set("2026-03-10T23:00:00Z");
    one.spent(850);
    one.budgetWatch.look();
    two.budgetWatch.look();
    one.budgets.delete(Replica.ACME, "test");
    grant(period);
    one.spent(100);
    two.budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(50, 80);

    one.spent(500);
    two.budgetWatch.look();
    one.budgetWatch.look();

    assertThat(one.thresholds()).containsExactly(50, 80, 50);
  }

  @Test
  void what_a_raise_makes_untrue_is_told_again_when_it_is_true_again() {
    grant(Period.DAY);
    clock.set("2026-03-10T23:50:00Z");
    one.spent(970);
    one.budgetWatch.look();
    two.budgetWatch.look();
    one.budgets.put(Replica.budget(Period.DAY, Mode.HARD, 18 * DOLLAR), "test");
    two.budgets.refresh();
    two.budgetWatch.look();
    replica().budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(50, 80, 95);

    one.spent(1500);
    one.budgetWatch.look();
    replica().budgetWatch.look();

    assertThat(one.thresholds()).containsExactly(50, 80, 95, 80);
    assertThat(one.fired().getLast().line()).contains("$15.00 of $18.00");
  }

  @Test
  void a_forecast_is_told_again_when_a_raised_budget_will_not_last_either() {
    grant(Period.DAY);
    one.spent(300);
    one.budgetWatch.look();
    one.budgets.put(Replica.budget(Period.DAY, Mode.HARD, 13 * DOLLAR), "test");
    one.budgetWatch.look();
    assertThat(one.thresholds()).containsExactly(0);

    one.spent(400);
    one.budgetWatch.look();
    two.budgets.refresh();
    two.budgetWatch.look();

    assertThat(one.thresholds()).containsExactly(0, 0);
  }

  @Test
  void a_budget_that_will_not_last_is_told_once_with_the_time_of_its_end() {
    grant(Period.DAY);
    one.spent(300);
    one.budgetWatch.look();
    two.budgetWatch.look();

    assertThat(one.fired()).hasSize(1);
    Alert alert = one.fired().getFirst();
    assertThat(alert.finding().kind()).isEqualTo(Kind.BUDGET_FORECAST);
    assertThat(alert.finding().details())
        .containsEntry("reached_at", "2026-03-10T20:00:00Z")
        .containsEntry("spent_usd", "3.00")
        .containsEntry("limit_usd", "10.00");
    assertThat(alert.line()).contains("all of $10.00 is gone by 2026-03-10 20:00 UTC");
  }

  @Test
  void budgets_are_delivered_before_all_else() {
    one.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-x", Map.of());
    one.alerts.write();
    grant(Period.TOTAL);
    one.spent(500);
    one.budgetWatch.look();

    assertThat(one.deliveries.claim(Channel.MAIL))
        .extracting(delivery -> delivery.alert().finding().kind())
        .containsExactly(Kind.BUDGET_THRESHOLD, Kind.UNPRICED_MODEL);
  }
}
