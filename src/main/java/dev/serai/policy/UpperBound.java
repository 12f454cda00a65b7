package dev.serai.policy;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.Price;
import dev.serai.catalog.PriceTier;
import dev.serai.catalog.Tariff;
import dev.serai.catalog.Terms;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Extras;
import dev.serai.chat.ServiceTier;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The most that a call may cost, as far as it is known before the call is made. */
public final class UpperBound {
  private static final long WHOLE = 10_000;
  private static final long PICOS_PER_NANO = 1_000;

  private UpperBound() {}

  /**
   * What a call may use.
   *
   * @param inputTokens as counted here, 0 or more
   * @param sure whether the provider counts no more than that
   * @param outputTokens the longest that all its answers together may be, 0 or more
   * @param extras what else it asks for
   */
  public record Demand(long inputTokens, boolean sure, long outputTokens, Extras extras) {}

  /**
   * Every token is reckoned with the dearest price that it may turn out to have: of the service
   * tier that is asked for and of the standard one, because a provider may serve as it likes; of
   * every length that the prompt may have; what is marked for the cache as written to it, and all
   * output as reasoning, sound or images where it may be.
   *
   * @param price null when the model has none: the cost is then {@link Cost#UNPRICED}
   * @param margin what is added to an input count that is not sure, in hundredths of a per cent
   * @param terms whose mark-up is added
   * @return with the unit prices of the tier and length that come out dearest
   */
  public static Cost cost(@Nullable Price price, Demand demand, int margin, Terms terms) {
    if (price == null) {
      return Cost.UNPRICED;
    }
    long input = demand.sure() ? demand.inputTokens() : more(demand.inputTokens(), margin);
    Cost dearest = null;
    for (ServiceTier tier : tiers(demand.extras().serviceTier())) {
      for (UnitPrices unit : lengths(price.tariff(tier), input)) {
        Cost cost = cost(price, demand, input, unit, tier, terms);
        if (dearest == null || nanos(cost) > nanos(dearest)) {
          dearest = cost;
        }
      }
    }
    return dearest == null ? Cost.UNPRICED : dearest;
  }

  private static long nanos(Cost cost) {
    return cost.nanos() == null ? 0 : cost.nanos();
  }

  private static Cost cost(
      Price price, Demand demand, long input, UnitPrices unit, ServiceTier tier, Terms terms) {
    Picos picos = new Picos();
    picos.add(price.perRequestNanos(), PICOS_PER_NANO);
    picos.add(input, dearestInput(unit, demand.extras()));
    picos.add(demand.outputTokens(), dearestOutput(unit, demand.extras()));
    return new Cost(
        picos.nanos(terms.markUp()),
        Cost.State.ESTIMATED,
        Costing.stamp(price, tier, terms.markUp()),
        unit);
  }

  /** Rounded up. */
  private static long more(long tokens, int margin) {
    long part = tokens / WHOLE * margin;
    return tokens + part + Math.ceilDiv(tokens % WHOLE * margin, WHOLE);
  }

  private static List<ServiceTier> tiers(ServiceTier asked) {
    return asked == ServiceTier.STANDARD ? List.of(asked) : List.of(asked, ServiceTier.STANDARD);
  }

  private static List<UnitPrices> lengths(Tariff tariff, long input) {
    if (tariff.tiers().isEmpty()) {
      return List.of(tariff.base());
    }
    List<UnitPrices> possible = new ArrayList<>(2);
    possible.add(tariff.base());
    for (PriceTier tier : tariff.tiers()) {
      if (input > tier.abovePromptTokens()) {
        possible.add(tier.prices());
      }
    }
    return possible;
  }

  private static long dearestInput(UnitPrices unit, Extras extras) {
    MediaPrices media = unit.media();
    long dearest = Math.max(unit.input(), unit.cacheRead());
    dearest = dearer(dearest, extras.cacheWrite(), unit.cacheWrite());
    dearest = dearer(dearest, extras.cacheWriteHour(), unit.cacheWriteHour());
    dearest = dearer(dearest, extras.audioInput(), media.audioInput());
    return dearer(dearest, extras.imageInput(), media.imageInput());
  }

  private static long dearestOutput(UnitPrices unit, Extras extras) {
    MediaPrices media = unit.media();
    long dearest = Math.max(unit.output(), unit.reasoning());
    dearest = dearer(dearest, extras.audioOutput(), media.audioOutput());
    return dearer(dearest, extras.imageOutput(), media.imageOutput());
  }

  private static long dearer(long dearest, boolean may, @Nullable Long price) {
    return may && price != null ? Math.max(dearest, price) : dearest;
  }
}
