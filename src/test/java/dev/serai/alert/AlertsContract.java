package dev.serai.alert;

import static dev.serai.alert.Replica.DOLLAR;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.alert.Alert.Kind;
import dev.serai.ledger.SpendOf;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Alerts fire once, on every database. */
abstract class AlertsContract extends TwoReplicas {
  @Test
  void a_tenant_that_spends_far_more_than_usually_is_told_once_a_day() {
    spend("acme", "2026-03-04T12:00:00Z", DOLLAR);
    spend("acme", "2026-03-09T23:59:59.999Z", DOLLAR);
    spend("acme", "2026-03-02T23:59:59Z", 100 * DOLLAR);
    spend("calm", "2026-03-09T12:00:00Z", DOLLAR);
    spend("calm", "2026-03-10T01:00:00Z", 3 * DOLLAR);
    spend("new", "2026-03-10T01:00:00Z", 30 * DOLLAR);
    spend("small", "2026-03-09T01:00:00Z", DOLLAR / 100);
    spend("small", "2026-03-10T01:00:00Z", DOLLAR);
    spend("acme", "2026-03-10T00:30:00Z", 2 * DOLLAR);
    one.spendWatch.look();
    assertThat(one.fired()).isEmpty();

    spend("acme", "2026-03-10T05:59:00Z", DOLLAR + 1);
    one.spendWatch.look();
    one.spendWatch.look();
    two.spendWatch.look();
    replica().spendWatch.look();

    assertThat(one.fired()).hasSize(1);
    assertThat(one.fired().getFirst().finding().kind()).isEqualTo(Kind.SPEND_JUMP);
    assertThat(one.fired().getFirst().line())
        .startsWith(
            "Tenant acme has spent $3.000000001 today (UTC), 3.0 times its usual $1.00 a day (mean"
                + " of the 2 of the last 7 days");

    clock.forward(Duration.ofDays(1));
    spend("acme", "2026-03-11T05:00:00Z", 20 * DOLLAR);
    one.spendWatch.look();

    assertThat(one.fired()).hasSize(2);
  }

  private void spend(String tenant, String at, long nanos) {
    SpendOf.call(database, tenant, Instant.parse(at), nanos);
  }

  @Test
  void what_calls_find_is_told_once_a_day_for_each_subject() {
    for (Replica replica : List.of(one, two, one)) {
      replica.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-x", Map.of());
      replica.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-y", Map.of());
      replica.alerts.raise(Kind.COST_DIFFERENCE, "openai/gpt-x", Map.of("computed", "$1.00"));
      replica.alerts.write();
    }
    assertThat(one.fired()).hasSize(3);

    clock.forward(Duration.ofDays(1));
    two.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-x", Map.of());
    two.alerts.write();

    assertThat(one.fired()).hasSize(4);
    assertThat(one.fired().getLast().line())
        .isEqualTo(
            "Model openai/gpt-x has no price: its calls are recorded without a cost. Add it to"
                + " config/models.yaml.");
  }

  @Test
  void what_cannot_be_written_waits_and_what_does_not_fit_is_dropped_and_counted() {
    database.jdbc().sql("ALTER TABLE budget_alerts RENAME TO away").update();
    for (int i = 0; i < Replica.MOST + 3; i++) {
      one.alerts.raise(Kind.COST_DIFFERENCE, "openai/gpt-" + i, Map.of());
      one.alerts.raise(Kind.RECONCILIATION, "hour " + i, Map.of("rows", "1", "sums", "2"));
    }
    one.alerts.write();
    one.budgetWatch.look();
    database.jdbc().sql("ALTER TABLE away RENAME TO budget_alerts").update();
    one.alerts.write();

    assertThat(one.fired())
        .extracting(alert -> alert.finding().kind())
        .filteredOn(Kind.RECONCILIATION::equals)
        .hasSize(Replica.MOST + 3);
    assertThat(one.fired()).hasSize(2 * Replica.MOST + 3);
    assertThat(one.meters.counter("serai.alerts.dropped").count()).isEqualTo(3);
  }

  @Test
  void fifty_models_without_a_price_are_told_a_day_and_that_there_are_more() {
    for (int i = 0; i < 30; i++) {
      for (Replica replica : List.of(one, two)) {
        replica.alerts.raise(Kind.UNPRICED_MODEL, "openrouter/" + i, Map.of());
        replica.alerts.raise(Kind.UNPRICED_MODEL, (replica == one ? "one/" : "two/") + i, Map.of());
        replica.alerts.write();
      }
    }
    one.alerts.raise(Kind.RECONCILIATION, "hour", Map.of());
    one.alerts.write();

    List<String> subjects = one.fired().stream().map(alert -> alert.finding().subject()).toList();
    assertThat(subjects).hasSize(52).doesNotHaveDuplicates();
    assertThat(subjects.subList(50, 52)).containsExactly("more models", "hour");
    assertThat(one.fired().get(50).line())
        .startsWith("More than 50 models without a price were called today (UTC)");
  }

  @Test
  void what_a_clock_put_off_that_was_ahead_is_delivered_when_it_is_right_again() {
    Instant right = clock.instant();
    one.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-x", Map.of());
    one.alerts.write();
    clock.forward(Duration.ofHours(3));
    assertThat(one.deliveries.claim(Channel.MAIL)).hasSize(1);

    clock.set(right.toString());

    assertThat(two.deliveries.claim(Channel.MAIL)).hasSize(1);
    assertThat(two.deliveries.claim(Channel.MAIL)).isEmpty();
  }

  @Test
  void a_claim_keeps_others_away_until_it_is_old() {
    one.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-x", Map.of());
    one.alerts.write();

    assertThat(one.deliveries.claim(Channel.MAIL)).hasSize(1);
    assertThat(two.deliveries.claim(Channel.MAIL)).isEmpty();
    assertThat(two.deliveries.claim(Channel.WEBHOOK)).hasSize(1);
    clock.forward(Duration.ofMinutes(5));

    List<Delivery> again = two.deliveries.claim(Channel.MAIL);
    assertThat(again).hasSize(1);
    assertThat(again.getFirst().attempt()).isEqualTo(2);
    two.deliveries.delivered(again.getFirst());
    clock.forward(Duration.ofDays(2));
    assertThat(one.deliveries.claim(Channel.MAIL)).isEmpty();
  }

  @Test
  void what_fails_is_tried_again_after_longer_and_longer_and_given_up_after_a_day() {
    one.alerts.raise(Kind.UNPRICED_MODEL, "openai/gpt-x", Map.of());
    one.alerts.write();
    one.deliveries.claim(Channel.MAIL).forEach(one.deliveries::delivered);

    List<Long> pauses = new ArrayList<>();
    Replica replica = one;
    for (int tries = 1; tries < 100; tries++) {
      List<Delivery> due = replica.deliveries.claim(Channel.WEBHOOK);
      assertThat(due).hasSize(1);
      replica.deliveries.failed(due.getFirst(), "status 500");
      AlertRows.Delivered webhook = of("webhook");
      if (webhook.nextTry() == null) {
        assertThat(webhook.state()).isEqualTo("failed");
        break;
      }
      Duration pause = Duration.between(clock.instant(), webhook.nextTry());
      pauses.add(pause.toSeconds());
      clock.forward(pause.minusSeconds(1));
      assertThat(replica.deliveries.claim(Channel.WEBHOOK)).isEmpty();
      clock.forward(Duration.ofSeconds(1));
      replica = tries == 5 ? replica() : replica;
    }

    assertThat(pauses)
        .startsWith(10L, 20L, 40L, 80L, 160L, 320L, 640L, 1280L, 2560L, 3600L, 3600L)
        .hasSizeBetween(30, 34);
    assertThat(of("webhook").error()).isEqualTo("status 500");
    assertThat(of("mail").state()).isEqualTo("delivered");
    assertThat(of("mail").attempts()).isEqualTo(1);
    clock.forward(Duration.ofDays(1));
    assertThat(one.deliveries.claim(Channel.WEBHOOK)).isEmpty();
  }

  private AlertRows.Delivered of(String channel) {
    return one
        .rows
        .read(new AlertRows.Query(null, null, null, null, null, 1))
        .rows()
        .getFirst()
        .deliveries()
        .stream()
        .filter(delivery -> delivery.channel().equals(channel))
        .findFirst()
        .orElseThrow();
  }
}
