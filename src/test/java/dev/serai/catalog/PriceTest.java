package dev.serai.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.chat.ServiceTier;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What an entry of a price may say, and what holds where it does not. */
class PriceTest {
  private static final String FILES =
      """
      serai:
        providers:
          openai: {dialect: openai, provider-name: openai, base-url: "https://x/v1", credential: K}
          local: {dialect: local, provider-name: local}
        models:
          - id: m
            provider: openai
            prices:
              - version: now
                valid-until: 2026-03-16
                source: list
                checked: 2026-03-11
                currency: USD
                input: 2
                output: 8
                cache-write: 2.5
                cache-write-1h: 4
                reasoning: 6
                audio-input: 40
                per-request: 0.005
                tiers:
                  - {above-prompt-tokens: 1000, input: 4, output: 12, cache-write: 5}
                flex:
                  input: 1
                  output: 4
                  audio-input: 30
                  tiers:
                    - {above-prompt-tokens: 1000, input: 2, output: 6, reasoning: 7}
              - version: monday
                valid-from: 2026-03-16
                source: list
                checked: 2026-03-11
                input: 1
                output: 4
          - id: in-process
            provider: local
            prices:
              - {version: v1, source: in process, checked: 2026-01-01, input: 0, output: 0}
        roles:
          chat: {description: Chats, targets: [openai/m]}
      """;

  private final Model model = Objects.requireNonNull(Configured.yaml(FILES).model("openai", "m"));

  @Test
  void a_change_of_next_monday_holds_from_its_first_instant_in_utc() {
    Instant monday = Instant.parse("2026-03-16T00:00:00Z");

    assertThat(at(monday.minusNanos(1)).version()).isEqualTo("now");
    assertThat(at(monday).version()).isEqualTo("monday");
    assertThat(at(monday).standard().base())
        .isEqualTo(new UnitPrices(1_000_000, 4_000_000, 1_000_000, 1_000_000));
  }

  @Test
  void every_kind_of_token_has_its_price_and_a_call_its_fee() {
    Price price = now();

    assertThat(price.standard().base())
        .isEqualTo(
            new UnitPrices(
                2_000_000,
                8_000_000,
                2_000_000,
                2_500_000,
                4_000_000,
                6_000_000,
                new MediaPrices(40_000_000L, null, null, null)));
    assertThat(price.perRequestNanos()).isEqualTo(5_000_000);
  }

  @Test
  void a_tier_reckons_what_it_does_not_say_from_the_ordinary_price() {
    assertThat(now().standard().unitPrices(1001))
        .isEqualTo(
            new UnitPrices(
                4_000_000,
                12_000_000,
                4_000_000,
                5_000_000,
                8_000_000,
                9_000_000,
                new MediaPrices(40_000_000L, null, null, null)));
  }

  @Test
  void a_service_tier_has_tiers_of_its_own() {
    Tariff flex = now().tariff(ServiceTier.FLEX);

    assertThat(now().lists(ServiceTier.FLEX)).isTrue();
    assertThat(flex.unitPrices(1000).media().audioInput()).isEqualTo(30_000_000);
    assertThat(flex.unitPrices(1000).reasoning()).isEqualTo(3_000_000);
    assertThat(flex.unitPrices(1001).input()).isEqualTo(2_000_000);
    assertThat(flex.unitPrices(1001).reasoning()).isEqualTo(7_000_000);
    assertThat(flex.unitPrices(1001).media().audioInput()).isEqualTo(30_000_000);
  }

  @Test
  void a_service_tier_that_is_not_listed_is_reckoned_upwards() {
    Price price = now();

    assertThat(price.lists(ServiceTier.BATCH)).isFalse();
    assertThat(price.tariff(ServiceTier.BATCH)).isEqualTo(price.standard());
    assertThat(price.tariff(ServiceTier.PRIORITY).base().output()).isEqualTo(16_000_000);
    assertThat(price.tariff(ServiceTier.PRIORITY).base().media().audioInput())
        .isEqualTo(80_000_000);
    assertThat(price.tariff(ServiceTier.OTHER).unitPrices(1001).input()).isEqualTo(8_000_000);
  }

  private Price now() {
    return at(Instant.parse("2026-03-12T00:00:00Z"));
  }

  private Price at(Instant instant) {
    return Objects.requireNonNull(model.priceAt(instant));
  }
}
