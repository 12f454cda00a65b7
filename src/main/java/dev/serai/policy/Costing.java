package dev.serai.policy;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.Price;
import dev.serai.catalog.Terms;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.chat.Usage.Details;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * The price arithmetic: exact in pico-dollars, a mark-up included, and rounded once, half up, to
 * nano-dollars.
 */
public final class Costing {
  private static final long PICOS_PER_NANO = 1_000;

  /** As much as the largest context of any model: a count above it cannot be right. */
  private static final long CREDIBLE_TOKENS = 10_000_000;

  private Costing() {}

  /** What a usage costs at a price, without a mark-up. */
  public static Cost cost(@Nullable Price price, Usage usage) {
    return cost(price, usage, Terms.LIST);
  }

  /**
   * What a usage costs at a price. Cached tokens, audio and images are parts of the input and cost
   * their own price, as what is written for an hour does; reasoning, audio and images are parts of
   * the output. Predictions are output, the rejected ones too. The service tier that the answer
   * names and the length of the prompt decide which prices hold.
   *
   * <p>It is an estimate, on the safe side, where
   *
   * <ul>
   *   <li>counts cannot be right (negative ones, parts that are larger than their whole): a
   *       negative count is 0, the whole is at least its parts, and every token of it costs what
   *       the dearest of its parts does;
   *   <li>more than ten million tokens are counted: they are charged as they stand;
   *   <li>cached tokens and audio or images together are more than the input: cached audio then
   *       costs what audio does;
   *   <li>the service tier has no price of its own: see {@link Price#tariff};
   *   <li>there is audio, or an image in the output, and no price for it: it costs what text does.
   * </ul>
   *
   * @param price null when the model has none: the cost is then {@link Cost#UNPRICED}
   * @param terms whose mark-up is added
   */
  public static Cost cost(@Nullable Price price, Usage usage, Terms terms) {
    if (price == null) {
      return Cost.UNPRICED;
    }
    Picos picos = new Picos();
    picos.add(price.perRequestNanos(), PICOS_PER_NANO);
    boolean sure = !usage.estimated() && price.lists(usage.serviceTier());
    UnitPrices unit;
    if (possible(usage)) {
      unit = price.tariff(usage.serviceTier()).unitPrices(usage.inputTokens());
      boolean input = addInput(usage, unit, picos);
      boolean output = addOutput(usage, unit, picos);
      sure &= input && output;
      sure &= usage.inputTokens() <= CREDIBLE_TOKENS && usage.outputTokens() <= CREDIBLE_TOKENS;
    } else {
      long input = leastInput(usage);
      unit = price.tariff(usage.serviceTier()).unitPrices(input);
      picos.add(input, dearestInput(usage, unit));
      picos.add(leastOutput(usage), dearestOutput(usage, unit));
      sure = false;
    }
    return new Cost(
        picos.nanos(terms.markUp()),
        sure ? Cost.State.PRICED : Cost.State.ESTIMATED,
        stamp(price, usage.serviceTier(), terms.markUp()),
        unit);
  }

  /**
   * Whether what a provider says a call cost is more than one per cent away from what was computed;
   * one nano-dollar is a matter of rounding.
   *
   * @param computedNanos by the price list, 0 or more
   * @param providerNanos by the provider, 0 or more
   */
  public static boolean deviates(long computedNanos, long providerNanos) {
    long apart = Math.abs(computedNanos - providerNanos);
    return apart > 1 && apart > computedNanos / 100;
  }

  /** Such as {@code 2026-03-11}, {@code 2026-03-11/priority} or {@code 2026-03-11+12.5%}. */
  static String stamp(Price price, ServiceTier tier, int markUp) {
    String served =
        tier == ServiceTier.STANDARD ? price.version() : price.version() + "/" + tier.label();
    return markUp == 0
        ? served
        : served + "+" + BigDecimal.valueOf(markUp, 2).stripTrailingZeros().toPlainString() + "%";
  }

  private static boolean possible(Usage usage) {
    Details details = usage.details();
    long read = usage.cacheReadInputTokens();
    long write = usage.cacheWriteInputTokens();
    long hour = usage.cacheWriteHourInputTokens();
    return fits(usage.inputTokens(), read, write, 0, 0)
        && fits(write, hour, 0, 0, 0)
        && fits(usage.inputTokens(), details.audioInput(), details.imageInput(), 0, 0)
        && fits(
            usage.outputTokens(),
            usage.reasoningTokens(),
            details.audioOutput(),
            details.imageOutput(),
            details.rejectedPrediction())
        && fits(usage.outputTokens(), details.acceptedPrediction(), 0, 0, 0);
  }

  /** Whether these can be disjoint parts of a whole. */
  private static boolean fits(long whole, long a, long b, long c, long d) {
    return whole >= 0
        && a >= 0
        && b >= 0
        && c >= 0
        && d >= 0
        && a <= whole
        && b <= whole - a
        && c <= whole - a - b
        && d <= whole - a - b - c;
  }

  /** False when a part has no price of its own, or cannot be told from another. */
  private static boolean addInput(Usage usage, UnitPrices unit, Picos picos) {
    Details details = usage.details();
    long audio = details.audioInput();
    long image = details.imageInput();
    long text = usage.inputTokens() - audio - image;
    long write = Math.min(usage.cacheWriteInputTokens(), text);
    long hour = Math.min(usage.cacheWriteHourInputTokens(), write);
    long read = Math.min(usage.cacheReadInputTokens(), text - write);
    MediaPrices media = unit.media();
    picos.add(text - write - read, unit.input());
    picos.add(read, unit.cacheRead());
    picos.add(write - hour, unit.cacheWrite());
    picos.add(hour, unit.cacheWriteHour());
    picos.add(audio, or(media.audioInput(), unit.input()));
    picos.add(image, or(media.imageInput(), unit.input()));
    return write == usage.cacheWriteInputTokens()
        && read == usage.cacheReadInputTokens()
        && (audio == 0 || media.audioInput() != null);
  }

  /** False when a part has no price of its own. */
  private static boolean addOutput(Usage usage, UnitPrices unit, Picos picos) {
    Details details = usage.details();
    long audio = details.audioOutput();
    long image = details.imageOutput();
    long reasoning = usage.reasoningTokens();
    MediaPrices media = unit.media();
    picos.add(usage.outputTokens() - reasoning - audio - image, unit.output());
    picos.add(reasoning, unit.reasoning());
    picos.add(audio, or(media.audioOutput(), unit.output()));
    picos.add(image, or(media.imageOutput(), unit.output()));
    return (audio == 0 || media.audioOutput() != null)
        && (image == 0 || media.imageOutput() != null);
  }

  private static long leastInput(Usage usage) {
    Details details = usage.details();
    long write =
        Math.max(
            credible(usage.cacheWriteInputTokens()), credible(usage.cacheWriteHourInputTokens()));
    long cached = credible(usage.cacheReadInputTokens()) + write;
    long media = credible(details.audioInput()) + credible(details.imageInput());
    return Math.max(Math.max(0, usage.inputTokens()), Math.max(cached, media));
  }

  private static long leastOutput(Usage usage) {
    Details details = usage.details();
    long parts =
        credible(usage.reasoningTokens())
            + credible(details.audioOutput())
            + credible(details.imageOutput())
            + credible(details.rejectedPrediction());
    long accepted = credible(details.acceptedPrediction());
    return Math.max(Math.max(0, usage.outputTokens()), Math.max(parts, accepted));
  }

  private static long dearestInput(Usage usage, UnitPrices unit) {
    Details details = usage.details();
    MediaPrices media = unit.media();
    long dearest = unit.input();
    dearest = dearer(dearest, usage.cacheReadInputTokens(), unit.cacheRead());
    dearest = dearer(dearest, usage.cacheWriteInputTokens(), unit.cacheWrite());
    dearest = dearer(dearest, usage.cacheWriteHourInputTokens(), unit.cacheWriteHour());
    dearest = dearer(dearest, details.audioInput(), or(media.audioInput(), 0));
    return dearer(dearest, details.imageInput(), or(media.imageInput(), 0));
  }

  private static long dearestOutput(Usage usage, UnitPrices unit) {
    Details details = usage.details();
    MediaPrices media = unit.media();
    long dearest = unit.output();
    dearest = dearer(dearest, usage.reasoningTokens(), unit.reasoning());
    dearest = dearer(dearest, details.audioOutput(), or(media.audioOutput(), 0));
    return dearer(dearest, details.imageOutput(), or(media.imageOutput(), 0));
  }

  private static long dearer(long dearest, long tokens, long price) {
    return tokens > 0 ? Math.max(dearest, price) : dearest;
  }

  private static long credible(long tokens) {
    return Math.clamp(tokens, 0, CREDIBLE_TOKENS);
  }

  private static long or(@Nullable Long price, long otherwise) {
    return price == null ? otherwise : price;
  }
}
