package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.chat.Usage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class LedgerRecordsTest {

  @Test
  void text_is_made_to_fit_its_column() {
    OpenRow row = Rows.open(1, "a\u0000b\ud800c", "m".repeat(254) + "\ud83d\ude00");

    assertThat(row.tenantId()).isEqualTo("a?b?c");
    assertThat(row.upstreamModel()).isEqualTo("m".repeat(254));
  }

  @Test
  void text_that_fits_stays_as_it_is() {
    assertThat(Rows.open(1, "ünï-\ud83d\ude00", "m").tenantId()).isEqualTo("ünï-\ud83d\ude00");
  }

  @Test
  void a_settlement_has_a_value_for_every_parameter_of_its_statement() {
    Settlement settlement = Settlement.notSent(4, "queue_full", Instant.EPOCH);

    assertThat(NamedSql.load("sql/settle-usage.sql").names())
        .hasSize(27)
        .allSatisfy(
            name -> assertThatCode(() -> settlement.value(name)).doesNotThrowAnyException());
    assertThat(settlement.value("state")).isEqualTo("not_sent");
    assertThat(settlement.value("cost_nanos")).isEqualTo(0L);
    assertThat(settlement.value("http_status")).isNull();
  }

  @Test
  void a_settlement_closes_its_row() {
    assertThatThrownBy(
            () ->
                new Settlement(
                    1,
                    RowState.OPEN,
                    null,
                    null,
                    null,
                    null,
                    Usage.NONE,
                    Charge.NOTHING,
                    null,
                    0,
                    Instant.EPOCH))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_negative_time_between_comparisons_is_refused() {
    assertThatThrownBy(() -> new ReconciliationSettings(Duration.ofSeconds(-1)))
        .hasMessageContaining("serai.ledger.reconcile-every");
    assertThat(new ReconciliationSettings(Duration.ZERO).reconcileEvery()).isZero();
  }

  @Test
  void an_unknown_column_is_refused() {
    assertThatThrownBy(() -> Rows.settled(1).value("prompt"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Rows.open(1).value("prompt"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_unknown_price_is_never_zero() {
    assertThatThrownBy(() -> new Charge(0L, CostState.UNPRICED, null, null))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Charge(null, CostState.PRICED, null, null))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void groups_are_found_by_name() {
    assertThat(GroupBy.of("tenant")).isEqualTo(GroupBy.TENANT);
    assertThatThrownBy(() -> GroupBy.of("prompt"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tenant, model, provider, role, entry, day, key");
  }

  @Test
  void a_missing_statement_is_named() {
    assertThatThrownBy(() -> NamedSql.load("sql/none.sql"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("sql/none.sql");
  }

  @Test
  void settings_that_cannot_work_are_refused() {
    assertThatThrownBy(() -> settings(0, 10, 65536)).hasMessageContaining("batch-rows");
    assertThatThrownBy(() -> settings(1, 30, 65536)).hasMessageContaining("renew-every");
    assertThatThrownBy(() -> settings(1, 10, 100)).hasMessageContaining("segment-bytes");
  }

  private static LedgerSettings settings(int batchRows, int renewSeconds, int segmentBytes) {
    Duration lease = Duration.ofSeconds(30);
    return new LedgerSettings(
        batchRows,
        Duration.ZERO,
        10,
        lease,
        lease,
        Duration.ofSeconds(renewSeconds),
        lease,
        lease,
        lease,
        segmentBytes);
  }
}
