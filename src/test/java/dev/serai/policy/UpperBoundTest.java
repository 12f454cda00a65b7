package dev.serai.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.Price;
import dev.serai.catalog.PriceTier;
import dev.serai.catalog.Tariff;
import dev.serai.catalog.Terms;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Extras;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.policy.UpperBound.Demand;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UpperBoundTest {
  private static final int MARGIN = 1_000;
  private static final List<ServiceTier> TIERS = List.of(ServiceTier.values());

  /** In pico-dollars: 2 in, 10 out, 1 read, 3 written, 4 for an hour, 12 reasoning. */
  private static final UnitPrices SHORT =
      new UnitPrices(2, 10, 1, 3, 4, 12, new MediaPrices(20L, 40L, 5L, 50L));

  private static final UnitPrices LONG = new UnitPrices(5, 20, 2, 6, 8, 20, MediaPrices.NONE);
  private static final UnitPrices FLEX = new UnitPrices(1, 5, 1, 1);
  private static final UnitPrices FAST = new UnitPrices(7, 30, 3, 7);

  /** All figures are thousands, so that a cost in nano-dollars is a figure above. */
  private static final Price PRICE =
      new Price(
          "v",
          null,
          null,
          "a source",
          LocalDate.EPOCH,
          tariff(SHORT, new PriceTier(1_000, thousand(LONG))),
          Map.of(ServiceTier.FLEX, tariff(FLEX), ServiceTier.PRIORITY, tariff(FAST)),
          7);

  private static Tariff tariff(UnitPrices base, PriceTier... tiers) {
    return new Tariff(thousand(base), List.of(tiers));
  }

  private static UnitPrices thousand(UnitPrices unit) {
    MediaPrices media = unit.media();
    return new UnitPrices(
        unit.input() * 1000,
        unit.output() * 1000,
        unit.cacheRead() * 1000,
        unit.cacheWrite() * 1000,
        unit.cacheWriteHour() * 1000,
        unit.reasoning() * 1000,
        media.audioInput() == null
            ? MediaPrices.NONE
            : new MediaPrices(
                Objects.requireNonNull(media.audioInput()) * 1000,
                Objects.requireNonNull(media.audioOutput()) * 1000,
                Objects.requireNonNull(media.imageInput()) * 1000,
                Objects.requireNonNull(media.imageOutput()) * 1000));
  }

  /** 7 for the request; input x its dearest + output x its dearest. */
  @ParameterizedTest
  @CsvSource({
    // input, sure, output, tier, extras, nano-dollars
    "100,  true,  10, STANDARD, -,           7 + 100 x 2 + 10 x 12",
    "100,  false, 10, STANDARD, -,           7 + 110 x 2 + 10 x 12",
    "101,  false, 0,  STANDARD, -,           7 + 112 x 2 + 0 x 0",
    "0,    true,  0,  STANDARD, -,           7 + 0 x 0 + 0 x 0",
    "100,  true,  10, FLEX,     -,           7 + 100 x 2 + 10 x 12",
    "100,  true,  10, BATCH,    -,           7 + 100 x 2 + 10 x 12",
    "100,  true,  10, PRIORITY, -,           7 + 100 x 7 + 10 x 30",
    "100,  true,  10, OTHER,    -,           7 + 100 x 7 + 10 x 30",
    "1000, true,  10, STANDARD, -,           7 + 1000 x 2 + 10 x 12",
    "1001, true,  10, STANDARD, -,           7 + 1001 x 5 + 10 x 20",
    "950,  false, 10, STANDARD, -,           7 + 1045 x 5 + 10 x 20",
    "100,  true,  10, STANDARD, write,       7 + 100 x 3 + 10 x 12",
    "100,  true,  10, STANDARD, write hour,  7 + 100 x 4 + 10 x 12",
    "100,  true,  10, STANDARD, sound in,    7 + 100 x 20 + 10 x 12",
    "100,  true,  10, STANDARD, image in,    7 + 100 x 5 + 10 x 12",
    "100,  true,  10, STANDARD, sound out,   7 + 100 x 2 + 10 x 40",
    "100,  true,  10, STANDARD, image out,   7 + 100 x 2 + 10 x 50",
    "100,  true,  10, PRIORITY, write sound, 7 + 100 x 20 + 10 x 12",
  })
  void it_is_reckoned_with_the_dearest_price_that_may_hold(
      long input, boolean sure, long output, ServiceTier tier, String extras, String working) {
    Demand demand =
        new Demand(
            input,
            sure,
            output,
            new Extras(
                tier,
                extras.contains("write"),
                extras.contains("hour"),
                extras.contains("sound") && !extras.contains("out"),
                extras.contains("image in"),
                extras.contains("sound out"),
                extras.contains("image out")));

    Cost cost = UpperBound.cost(PRICE, demand, MARGIN, Terms.LIST);

    assertThat(cost.nanos()).isEqualTo(workedOut(working));
    assertThat(cost.state()).isEqualTo(Cost.State.ESTIMATED);
  }

  private static long workedOut(String working) {
    long sum = 0;
    for (String part : working.split(" \\+ ", -1)) {
      long product = 1;
      for (String factor : part.split(" x ", -1)) {
        product *= Long.parseLong(factor);
      }
      sum += product;
    }
    return sum;
  }

  /** (7 + 110 x 2 + 10 x 12) x 1.5 = 520.5, half up. */
  @Test
  void the_mark_up_is_reserved_too() {
    Demand demand = new Demand(100, false, 10, Extras.NONE);

    Cost cost = UpperBound.cost(PRICE, demand, MARGIN, new Terms(5_000, Map.of()));

    assertThat(cost.nanos()).isEqualTo(521);
    assertThat(cost.priceVersion()).isEqualTo("v+50%");
  }

  @Test
  void without_a_price_it_is_not_known_and_not_zero() {
    assertThat(UpperBound.cost(null, new Demand(100, true, 10, Extras.NONE), MARGIN, Terms.LIST))
        .isEqualTo(Cost.UNPRICED);
  }

  @Test
  void a_count_that_no_long_holds_with_its_price_is_the_most_that_can_be_said() {
    Demand demand = new Demand(Long.MAX_VALUE / 4, false, Long.MAX_VALUE, Extras.NONE);

    assertThat(UpperBound.cost(PRICE, demand, MARGIN, Terms.LIST).nanos())
        .isEqualTo(Long.MAX_VALUE);
  }

  /** Whatever the usage, as long as it is one that the request allows. */
  @Test
  void no_usage_that_the_request_allows_costs_more() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      Extras extras = extras(random);
      boolean sure = random.nextBoolean();
      Demand demand = new Demand(random.nextInt(2_000), sure, random.nextInt(500), extras);
      long most = sure ? demand.inputTokens() : demand.inputTokens() * 11 / 10;
      Usage usage = usage(random, extras, most, demand.outputTokens());
      Terms terms = new Terms(random.nextInt(3_000), Map.of());

      Long bound = UpperBound.cost(PRICE, demand, MARGIN, terms).nanos();

      assertThat(Costing.cost(PRICE, usage, terms).nanos())
          .as("%s of %s", usage, demand)
          .isLessThanOrEqualTo(bound);
    }
  }

  private static Extras extras(Random random) {
    boolean write = random.nextBoolean();
    return new Extras(
        TIERS.get(random.nextInt(TIERS.size())),
        write,
        write && random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean(),
        random.nextBoolean());
  }

  /** A sure input is used as it was counted; what is not sure may be less. */
  private static Usage usage(Random random, Extras extras, long mostInput, long mostOutput) {
    long input = random.nextLong(mostInput + 1);
    long output = random.nextLong(mostOutput + 1);
    long left = input;
    long audioIn = extras.audioInput() ? random.nextLong(left + 1) : 0;
    left -= audioIn;
    long imageIn = extras.imageInput() ? random.nextLong(left + 1) : 0;
    left -= imageIn;
    long write = extras.cacheWrite() ? random.nextLong(left + 1) : 0;
    left -= write;
    long reasoning = random.nextLong(output + 1);
    long audioOut = extras.audioOutput() ? random.nextLong(output - reasoning + 1) : 0;
    long imageOut = extras.imageOutput() ? random.nextLong(output - reasoning - audioOut + 1) : 0;
    return new Usage(
        input,
        output,
        random.nextLong(left + 1),
        write,
        extras.cacheWriteHour() ? random.nextLong(write + 1) : 0,
        reasoning,
        new Usage.Details(audioIn, imageIn, audioOut, imageOut, 0, 0),
        random.nextBoolean() ? extras.serviceTier() : ServiceTier.STANDARD,
        null,
        false);
  }
}
