package dev.serai.route;

import static java.math.BigDecimal.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.catalog.Configured;
import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.Model;
import dev.serai.catalog.Price;
import dev.serai.catalog.Tariff;
import dev.serai.catalog.Terms;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.ledger.RowState;
import dev.serai.ledger.Settlement;
import dev.serai.policy.UsageCostsTest;
import dev.serai.policy.UsageCostsTest.Entry;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a call cost can be worked out anew from nothing but the columns of its row. */
class RowCostTest {
  private static final Terms MARKED_UP = new Terms(1_250, Map.of());

  /** A row as an auditor has it: names and figures. */
  private record Row(Settlement columns, Map<String, Long> usage, Map<String, Long> prices) {

    static Row of(Settlement columns) {
      return new Row(
          columns, pairs(columns.value("usage_details")), pairs(columns.value("price_details")));
    }

    private static Map<String, Long> pairs(@Nullable Object text) {
      Map<String, Long> pairs = new HashMap<>();
      if (text instanceof String some) {
        assertThat(some).hasSizeLessThanOrEqualTo(255);
        for (String pair : some.split(",", -1)) {
          String[] parts = pair.split("=", -1);
          pairs.put(parts[0], Long.parseLong(parts[1]));
        }
      }
      return pairs;
    }

    long number(String column) {
      return columns.value(column) instanceof Number number ? number.longValue() : 0;
    }

    long used(String kind) {
      return usage.getOrDefault(kind, 0L);
    }

    /** Of a rarer kind; what the row does not say costs what the kind around it does. */
    long price(String kind, String around) {
      return prices.getOrDefault(kind, number(around));
    }

    long nanos() {
      BigDecimal picos = BigDecimal.valueOf(prices.getOrDefault("per_request_nanos", 0L) * 1000);
      picos = picos.add(contradictory() ? atTheDearest() : partByPart());
      return picos
          .multiply(BigDecimal.valueOf(10_000 + number("mark_up")))
          .movePointLeft(7)
          .setScale(0, RoundingMode.HALF_UP)
          .longValueExact();
    }

    private boolean contradictory() {
      long in = number("input_tokens");
      long out = number("output_tokens");
      return number("cache_read_tokens") + number("cache_write_tokens") > in
          || used("cache_write_1h") > number("cache_write_tokens")
          || used("audio_input") + used("image_input") > in
          || used("accepted_prediction") > out
          || outParts() > out;
    }

    private long outParts() {
      return number("reasoning_tokens")
          + used("audio_output")
          + used("image_output")
          + used("rejected_prediction");
    }

    private BigDecimal partByPart() {
      long text = number("input_tokens") - used("audio_input") - used("image_input");
      long write = Math.min(number("cache_write_tokens"), text);
      long hour = Math.min(used("cache_write_1h"), write);
      long read = Math.min(number("cache_read_tokens"), text - write);
      long plain = number("output_tokens") - number("reasoning_tokens");
      return times(text - write - read, number("price_input_picos"))
          .add(times(read, number("price_cache_read_picos")))
          .add(times(write - hour, number("price_cache_write_picos")))
          .add(times(hour, price("cache_write_1h", "price_cache_write_picos")))
          .add(times(used("audio_input"), price("audio_input", "price_input_picos")))
          .add(times(used("image_input"), price("image_input", "price_input_picos")))
          .add(
              times(
                  plain - used("audio_output") - used("image_output"),
                  number("price_output_picos")))
          .add(times(number("reasoning_tokens"), price("reasoning", "price_output_picos")))
          .add(times(used("audio_output"), price("audio_output", "price_output_picos")))
          .add(times(used("image_output"), price("image_output", "price_output_picos")));
    }

    /** The whole is as large as its parts, at the price of the dearest of them. */
    private BigDecimal atTheDearest() {
      long cached =
          number("cache_read_tokens")
              + Math.max(number("cache_write_tokens"), used("cache_write_1h"));
      long media = used("audio_input") + used("image_input");
      long in = Math.max(number("input_tokens"), Math.max(cached, media));
      long out =
          Math.max(number("output_tokens"), Math.max(outParts(), used("accepted_prediction")));
      long inPrice = number("price_input_picos");
      inPrice = dearer(inPrice, number("cache_read_tokens"), number("price_cache_read_picos"));
      inPrice = dearer(inPrice, number("cache_write_tokens"), number("price_cache_write_picos"));
      inPrice = dearer(inPrice, used("cache_write_1h"), prices.get("cache_write_1h"));
      inPrice = dearer(inPrice, used("audio_input"), prices.get("audio_input"));
      inPrice = dearer(inPrice, used("image_input"), prices.get("image_input"));
      long outPrice = number("price_output_picos");
      outPrice = dearer(outPrice, number("reasoning_tokens"), prices.get("reasoning"));
      outPrice = dearer(outPrice, used("audio_output"), prices.get("audio_output"));
      outPrice = dearer(outPrice, used("image_output"), prices.get("image_output"));
      return times(in, inPrice).add(times(out, outPrice));
    }

    private static long dearer(long price, long tokens, @Nullable Long other) {
      return tokens > 0 && other != null ? Math.max(price, other) : price;
    }

    private static BigDecimal times(long tokens, long picos) {
      return BigDecimal.valueOf(tokens).multiply(BigDecimal.valueOf(picos));
    }
  }

  static Stream<Entry> entries() throws IOException {
    return UsageCostsTest.entries().filter(entry -> !entry.state().equals("unpriced"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("entries")
  void the_cost_follows_from_the_row_alone(Entry entry) {
    Row listed = Row.of(settlement(entry, Terms.LIST));
    Row markedUp = Row.of(settlement(entry, MARKED_UP));
    long byHand = new BigDecimal(entry.usd()).movePointRight(9).longValueExact();

    assertThat(listed.nanos()).isEqualTo(byHand).isEqualTo(listed.number("cost_nanos"));
    assertThat(listed.number("net_cost_nanos")).isEqualTo(byHand);
    assertThat(markedUp.nanos()).isEqualTo(markedUp.number("cost_nanos"));
    assertThat(markedUp.number("net_cost_nanos")).isEqualTo(byHand);
    assertThat(byHand == 0 ? ZERO : BigDecimal.valueOf(markedUp.nanos() - byHand))
        .isGreaterThanOrEqualTo(ZERO);
  }

  /** Every price is another one; the counts are as they come, also those that contradict. */
  @Test
  void it_does_with_every_kind_of_token_and_any_usage() {
    Price price =
        new Price(
            "v",
            null,
            null,
            "a source",
            LocalDate.EPOCH,
            new Tariff(
                new UnitPrices(
                    1_001,
                    10_007,
                    103,
                    1_301,
                    2_003,
                    12_011,
                    new MediaPrices(20_011L, 40_009L, null, 50_021L)),
                List.of()),
            Map.of(),
            7_019);
    Random random = new Random(11);
    for (int i = 0; i < 5_000; i++) {
      Usage usage = usage(random);

      Row row = Row.of(settlement(usage, new Pricing(MARKED_UP, price, price), "m"));

      assertThat(row.nanos()).as(usage.toString()).isEqualTo(row.number("cost_nanos"));
    }
  }

  private static Usage usage(Random random) {
    LongSupplier some = () -> random.nextBoolean() ? 0 : random.nextLong(300);
    return new Usage(
        random.nextLong(1_000),
        random.nextLong(1_000),
        some.getAsLong(),
        some.getAsLong(),
        some.getAsLong(),
        some.getAsLong(),
        new Usage.Details(
            some.getAsLong(),
            some.getAsLong(),
            some.getAsLong(),
            some.getAsLong(),
            some.getAsLong(),
            some.getAsLong()),
        ServiceTier.STANDARD,
        null,
        false);
  }

  private static Settlement settlement(Entry entry, Terms terms) {
    Model model =
        Objects.requireNonNull(Configured.packaged().model(entry.provider(), entry.model()));
    Price price = model.priceAt(entry.day().atStartOfDay(ZoneOffset.UTC).toInstant());
    return settlement(UsageCostsTest.usage(entry), new Pricing(terms, price, price), entry.model());
  }

  private static Settlement settlement(Usage usage, Pricing pricing, String model) {
    return new Settlement(
        1,
        RowState.SETTLED,
        null,
        200,
        model,
        "stop",
        usage,
        pricing.charge(usage),
        null,
        1,
        Instant.EPOCH);
  }
}
