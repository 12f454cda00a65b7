package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Configured;
import dev.serai.catalog.Price;
import dev.serai.catalog.PriceTier;
import dev.serai.catalog.Tariff;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Usage;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CostingTest {
  private static final Catalog CATALOG = Configured.packaged();
  private static final UnitPrices FIGURES =
      new UnitPrices(2_500_000, 10_000_000, 1_250_000, 3_125_000);

  /** Haiku 4.5: input 1.00, cache read 0.10, write 1.25 for five minutes, 2.00 for an hour. */
  @Test
  void what_is_written_for_an_hour_costs_its_own_price() {
    Price price =
        Objects.requireNonNull(CATALOG.model("anthropic", "claude-haiku-4-5"))
            .priceAt(Instant.parse("2026-04-01T00:00:00Z"));

    Cost cost = Costing.cost(price, new Usage(1000, 0, 100, 700, 400, 0, null, false));

    assertThat(cost.nanos()).isEqualTo(200 * 1000 + 100 * 100 + 300 * 1250 + 400 * 2000);
  }

  /** Sonnet 4 above 200,000 tokens: write 7.50 for five minutes, and so 12.00 for an hour. */
  @Test
  void what_is_written_for_an_hour_grows_dearer_with_its_tier() {
    Price price =
        Objects.requireNonNull(CATALOG.model("anthropic", "claude-sonnet-4-20250514"))
            .priceAt(Instant.parse("2026-04-01T00:00:00Z"));

    Cost cost = Costing.cost(price, new Usage(200_001, 0, 0, 200_001, 200_000, 0, null, false));

    assertThat(cost.nanos()).isEqualTo(200_000L * 12_000 + 7_500);
  }

  @Test
  void more_for_an_hour_than_was_written_at_all_is_doubtful() {
    Cost cost = Costing.cost(price(FIGURES), new Usage(10, 0, 0, 5, 6, 0, null, false));

    assertThat(cost.state()).isEqualTo(Cost.State.ESTIMATED);
  }

  /** tokens_prompt / 1000 * price_prompt + tokens_completion / 1000 * price_completion. */
  @ParameterizedTest
  @CsvSource({
    "aws.bedrock, anthropic.claude-3-5-sonnet-20241022-v2:0, 0.003, 0.015",
    "aws.bedrock, anthropic.claude-3-haiku-20240307-v1:0, 0.00025, 0.00125",
    "openai, gpt-4-turbo, 0.01, 0.03",
    "openai, gpt-4o, 0.005, 0.015",
    "openai, text-embedding-3-large, 0.00013, 0",
  })
  void follows_the_formula_per_thousand_tokens(
      String provider, String model, BigDecimal perThousandIn, BigDecimal perThousandOut) {
    Price price =
        Objects.requireNonNull(CATALOG.model(provider, model))
            .priceAt(Instant.parse("2024-09-30T23:59:59Z"));
    long output = perThousandOut.signum() == 0 ? 0 : 577;

    Cost cost = Costing.cost(price, usage(1_234, output, 0, 0, 0));

    BigDecimal formula =
        new BigDecimal("1.234")
            .multiply(perThousandIn)
            .add(BigDecimal.valueOf(output, 3).multiply(perThousandOut));
    assertThat(cost.usd()).isEqualByComparingTo(formula);
    assertThat(cost.state()).isEqualTo(Cost.State.PRICED);
  }

  @ParameterizedTest
  @CsvSource({
    "1000, 1000, false",
    "1000, 1010, false",
    "1000, 1011, true",
    "1000, 990, false",
    "1000, 989, true",
    "1000, 0, true",
    "5, 6, false",
    "5, 7, true",
    "0, 1, false",
    "0, 2, true",
    "0, 9223372036854775807, true",
  })
  void a_cost_deviates_when_it_is_over_one_per_cent_away(
      long computed, long provider, boolean deviates) {
    assertThat(Costing.deviates(computed, provider)).isEqualTo(deviates);
  }

  @Test
  void stamps_the_price_that_was_used() {
    Cost cost = Costing.cost(price(FIGURES), usage(1, 0, 0, 0, 0));

    assertThat(cost).isEqualTo(new Cost(2_500L, Cost.State.PRICED, "v1", FIGURES));
  }

  @ParameterizedTest
  @CsvSource({
    // input, output, read, write, reasoning -> nanos
    "1000, 100, 0, 0, 0, 3500000",
    "1000, 100, 400, 0, 0, 3000000",
    "1000, 100, 1000, 0, 0, 2250000",
    "1000, 100, 0, 400, 0, 3750000",
    "1000, 100, 400, 600, 100, 3375000",
    "0, 0, 0, 0, 0, 0",
    "10000000, 10000000, 0, 0, 0, 125000000000",
  })
  void cached_tokens_cost_their_own_price_and_reasoning_that_of_output(
      long input, long output, long read, long write, long reasoning, long nanos) {
    Cost cost = Costing.cost(price(FIGURES), usage(input, output, read, write, reasoning));

    assertThat(cost.nanos()).isEqualTo(nanos);
    assertThat(cost.state()).isEqualTo(Cost.State.PRICED);
  }

  @ParameterizedTest
  @CsvSource({"1, 499, 0", "1, 500, 1", "3, 500, 2", "2, 250, 1", "1, 1499, 1", "7, 0, 0"})
  void rounds_the_sum_once_and_half_up(long tokens, long picos, long nanos) {
    Cost cost =
        Costing.cost(price(new UnitPrices(picos, 0, picos, picos)), usage(tokens, 0, 0, 0, 0));

    assertThat(cost.nanos()).isEqualTo(nanos);
  }

  @Test
  void the_parts_are_summed_before_they_are_rounded() {
    Cost cost = Costing.cost(price(new UnitPrices(200, 200, 200, 200)), usage(3, 1, 1, 1, 0));

    assertThat(cost.nanos()).isEqualTo(1);
  }

  @Test
  void does_not_overflow_at_the_dearest_price() {
    UnitPrices dearest = new UnitPrices(10_000_000_000L, 10_000_000_000L, 1, 1);

    Cost cost = Costing.cost(price(dearest), usage(10_000_000_000L, 10_000_000_000L, 5, 5, 0));

    assertThat(cost.nanos()).isEqualTo(200_000_000_000_000_000L - 100_000_000L);
  }

  @Test
  void what_cannot_be_said_is_the_largest_there_is() {
    UnitPrices dearest = new UnitPrices(10_000_000_000L, 10_000_000_000L, 1, 1);

    Cost cost = Costing.cost(price(dearest), usage(Long.MAX_VALUE, Long.MAX_VALUE, 0, 0, 0));

    assertThat(cost.nanos()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a_long_prompt_costs_its_tier_cached_tokens_included() {
    UnitPrices dear = new UnitPrices(6_000_000, 22_500_000, 600_000, 7_500_000);
    Price tiered = price(FIGURES, new PriceTier(200_000, dear));

    assertThat(Costing.cost(tiered, usage(200_000, 0, 0, 0, 0)).unitPrices()).isEqualTo(FIGURES);
    assertThat(Costing.cost(tiered, usage(200_001, 10, 200_000, 0, 0)))
        .isEqualTo(new Cost(6_000L + 225_000 + 120_000_000, Cost.State.PRICED, "v1", dear));
  }

  @ParameterizedTest
  @CsvSource({
    // counts that cannot be right -> nanos
    "-5, 10, 0, 0, 0, 100000",
    "100, -1, 0, 0, 0, 250000",
    "100, 10, -3, 0, 0, 350000",
    "100, 10, 0, -3, 0, 350000",
    "100, 10, 0, 0, -3, 350000",
    "100, 10, 200, 0, 0, 600000",
    "100, 10, 60, 60, 0, 475000",
    "100, 10, 0, 0, 50, 750000",
    "0, 0, 9000000000000000000, 0, 0, 25000000000",
    "10000001, 0, 0, 0, 0, 25000002500",
    "0, 10000001, 0, 0, 0, 100000010000",
    "10000000000, 10000000000, 0, 0, 0, 125000000000000",
  })
  void doubtful_counts_are_estimated_on_the_safe_side(
      long input, long output, long read, long write, long reasoning, long nanos) {
    Cost cost = Costing.cost(price(FIGURES), usage(input, output, read, write, reasoning));

    assertThat(cost).isEqualTo(new Cost(nanos, Cost.State.ESTIMATED, "v1", FIGURES));
  }

  @Test
  void doubtful_counts_cost_the_input_price_where_writing_is_cheaper() {
    UnitPrices cheapWrite = new UnitPrices(2_000, 0, 1_000, 1_000);

    assertThat(Costing.cost(price(cheapWrite), usage(1, 0, 0, 2, 0)).nanos()).isEqualTo(4);
  }

  @Test
  void a_model_without_a_price_has_no_cost_rather_than_none() {
    Cost cost = Costing.cost(null, usage(10, 10, 0, 0, 0));

    assertThat(cost).isEqualTo(new Cost(null, Cost.State.UNPRICED, null, null));
    assertThat(cost.usd()).isNull();
  }

  @Test
  void counts_of_our_own_are_an_estimate() {
    Cost cost = Costing.cost(price(FIGURES), Usage.estimate(2, 1));

    assertThat(cost).isEqualTo(new Cost(15_000L, Cost.State.ESTIMATED, "v1", FIGURES));
  }

  private static Usage usage(long input, long output, long read, long write, long reasoning) {
    return new Usage(input, output, read, write, reasoning, null, false);
  }

  private static Price price(UnitPrices figures, PriceTier... tiers) {
    @Nullable Instant always = null;
    Tariff tariff = new Tariff(figures, List.of(tiers));
    return new Price("v1", always, always, "test", LocalDate.EPOCH, tariff, Map.of(), 0);
  }
}
