package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.Price;
import dev.serai.catalog.Tariff;
import dev.serai.catalog.Terms;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.chat.Usage.Details;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Prices that few models have, fees and mark-ups. */
class ChargingTest {
  /** In nano-dollars: input 2, output 8, read 1, write 3, hour 4, reasoning 6; media 40 to 43. */
  private static final UnitPrices EACH_ITS_OWN =
      new UnitPrices(
          2_000,
          8_000,
          1_000,
          3_000,
          4_000,
          6_000,
          new MediaPrices(40_000L, 41_000L, 42_000L, 43_000L));

  @ParameterizedTest
  @CsvSource({
    // input, read, write, hour, audio, image; output, reasoning, audio, image -> nanos, state
    "100, 0, 0, 0, 0, 0, 10, 0, 0, 0, 280, PRICED",
    "100, 10, 20, 5, 0, 0, 0, 0, 0, 0, 215, PRICED",
    "100, 0, 0, 0, 30, 20, 0, 0, 0, 0, 2140, PRICED",
    "0, 0, 0, 0, 0, 0, 10, 4, 3, 2, 241, PRICED",
    "100, 10, 20, 5, 30, 40, 10, 4, 3, 2, 3196, PRICED",
    // audio and images leave 10 for text, so that 10 of the 20 written and none read are told apart
    "100, 10, 20, 15, 50, 40, 0, 0, 0, 0, 3720, ESTIMATED",
    // parts beyond the whole: all of it at the dearest of them
    "10, 0, 0, 0, 20, 0, 0, 0, 0, 0, 800, ESTIMATED",
    "10, 0, 0, 0, 6, 6, 0, 0, 0, 0, 504, ESTIMATED",
    "0, 0, 0, 0, 0, 0, 10, 5, 4, 3, 516, ESTIMATED",
    "0, 0, 0, 0, 0, 0, 10, 11, 0, 0, 88, ESTIMATED",
    "10, 0, 5, 6, 0, 0, 0, 0, 0, 0, 40, ESTIMATED",
  })
  void every_part_costs_its_own_price(
      long input,
      long read,
      long write,
      long hour,
      long audioIn,
      long imageIn,
      long output,
      long reasoning,
      long audioOut,
      long imageOut,
      long nanos,
      Cost.State state) {
    Details details = new Details(audioIn, imageIn, audioOut, imageOut, 0, 0);
    Usage usage =
        new Usage(
            input,
            output,
            read,
            write,
            hour,
            reasoning,
            details,
            ServiceTier.STANDARD,
            null,
            false);

    Cost cost = Costing.cost(price(EACH_ITS_OWN, 0), usage);

    assertThat(cost).isEqualTo(new Cost(nanos, state, "v1", EACH_ITS_OWN));
  }

  @Test
  void a_call_has_its_fee_once_whatever_it_used() {
    Price price = price(new UnitPrices(2_000, 0, 0, 0), 5_000_000);

    assertThat(Costing.cost(price, usage(3, 0)).nanos()).isEqualTo(5_000_006);
    assertThat(Costing.cost(price, usage(0, 0)).nanos()).isEqualTo(5_000_000);
    assertThat(Costing.cost(price, usage(-1, 0)))
        .extracting(Cost::nanos, Cost::state)
        .containsExactly(5_000_000L, Cost.State.ESTIMATED);
  }

  @ParameterizedTest
  @CsvSource({
    // picos for a token, tokens, mark-up -> nanos
    "2000, 1000, 0, 2000",
    "2000, 1000, 1250, 2250",
    "2000, 1000, 100000, 22000",
    "1000, 3, 5000, 5",
    "1000, 1, 5000, 2",
    "1000, 1, 4999, 1",
    "300, 1, 6667, 1",
    "300, 1, 6666, 0",
    "10000000000, 10000000, 10000, 200000000000000",
    "10000000000, 10000000000, 10000, 200000000000000000",
    "10000000000, 9223372036854775807, 1, 9223372036854775807",
  })
  void a_mark_up_is_added_before_the_one_rounding(long picos, long tokens, int markUp, long nanos) {
    Price price = price(new UnitPrices(picos, 0, 0, 0), 0);

    assertThat(Costing.cost(price, usage(tokens, 0), new Terms(markUp, Map.of())).nanos())
        .isEqualTo(nanos);
  }

  @Test
  void the_stamp_says_tier_and_mark_up() {
    Price price = price(EACH_ITS_OWN, 0);
    Terms terms = new Terms(1250, Map.of());

    assertThat(Costing.cost(price, usage(1, 1), terms).priceVersion()).isEqualTo("v1+12.5%");
    assertThat(Costing.cost(price, usage(1, 1).servedAs(ServiceTier.FLEX)).priceVersion())
        .isEqualTo("v1/flex");
    assertThat(Costing.cost(price, usage(1, 1).servedAs(ServiceTier.PRIORITY), terms))
        .isEqualTo(
            new Cost(
                23L,
                Cost.State.ESTIMATED,
                "v1/priority+12.5%",
                new UnitPrices(
                    4_000,
                    16_000,
                    2_000,
                    6_000,
                    8_000,
                    12_000,
                    new MediaPrices(80_000L, 82_000L, 84_000L, 86_000L))));
  }

  @Test
  void what_costs_nothing_costs_nothing_with_a_mark_up_too() {
    Cost cost = Costing.cost(price(UnitPrices.FREE, 0), usage(5, 5), new Terms(100_000, Map.of()));

    assertThat(cost.nanos()).isZero();
  }

  private static Usage usage(long input, long output) {
    return new Usage(input, output, 0, 0, 0, null, false);
  }

  private static Price price(UnitPrices figures, long fee) {
    Tariff tariff = new Tariff(figures, List.of());
    return new Price("v1", null, null, "test", LocalDate.EPOCH, tariff, Map.of(), fee);
  }
}
