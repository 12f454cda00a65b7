package dev.serai.policy;

import dev.serai.catalog.Price;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Usage;
import java.math.BigInteger;
import org.jspecify.annotations.Nullable;

/** The price arithmetic: exact in pico-dollars, rounded once, half up, to nano-dollars. */
public final class Costing {
  private static final long PICOS_PER_NANO = 1_000;

  /** More than any model's context: a part that is larger than its whole is believed up to here. */
  private static final long CREDIBLE_TOKENS = 10_000_000;

  private Costing() {}

  /**
   * What a usage costs at a price. Cached tokens are parts of the input and cost their own price,
   * which is another one for what is written for an hour; reasoning tokens are part of the output
   * and cost what output costs.
   *
   * <p>Counts that cannot be right (negative ones, parts that are larger than their whole) give an
   * estimate on the safe side: a negative count is 0, the whole is at least its parts, and every
   * input token costs the full input price, or that of writing to the cache where some were written
   * and it is dearer.
   *
   * @param price null when the model has none: the cost is then {@link Cost#UNPRICED}
   */
  public static Cost cost(@Nullable Price price, Usage usage) {
    if (price == null) {
      return Cost.UNPRICED;
    }
    long input = usage.inputTokens();
    long read = usage.cacheReadInputTokens();
    long write = usage.cacheWriteInputTokens();
    long hour = usage.cacheWriteHourInputTokens();
    long output = usage.outputTokens();
    long reasoning = usage.reasoningTokens();
    boolean right =
        input >= 0
            && read >= 0
            && write >= 0
            && output >= 0
            && reasoning >= 0
            && read <= input
            && write <= input - read
            && hour >= 0
            && hour <= write
            && reasoning <= output;
    if (!right) {
      return doubtful(price, usage);
    }
    UnitPrices unit = price.unitPrices(input);
    long uncached = input - read - write;
    Cost.State state = usage.estimated() ? Cost.State.ESTIMATED : Cost.State.PRICED;
    return charged(price, unit, uncached, read, write, hour, output, state);
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

  private static Cost doubtful(Price price, Usage usage) {
    long parts = credible(usage.cacheReadInputTokens()) + credible(usage.cacheWriteInputTokens());
    long input = Math.max(Math.max(0, usage.inputTokens()), parts);
    long output = Math.max(Math.max(0, usage.outputTokens()), credible(usage.reasoningTokens()));
    UnitPrices unit = price.unitPrices(input);
    boolean writeIsDearer = usage.cacheWriteInputTokens() > 0 && unit.cacheWrite() > unit.input();
    return charged(
        price,
        unit,
        writeIsDearer ? 0 : input,
        0,
        writeIsDearer ? input : 0,
        writeIsDearer && usage.cacheWriteHourInputTokens() > 0 ? input : 0,
        output,
        Cost.State.ESTIMATED);
  }

  private static long credible(long tokens) {
    return Math.clamp(tokens, 0, CREDIBLE_TOKENS);
  }

  private static Cost charged(
      Price price,
      UnitPrices unit,
      long uncached,
      long read,
      long write,
      long hour,
      long output,
      Cost.State state) {
    long hourPicos = hour == 0 ? 0 : price.cacheWriteHour(unit);
    long nanos;
    try {
      long picos = Math.multiplyExact(uncached, unit.input());
      picos = Math.addExact(picos, Math.multiplyExact(read, unit.cacheRead()));
      picos = Math.addExact(picos, Math.multiplyExact(write - hour, unit.cacheWrite()));
      picos = Math.addExact(picos, Math.multiplyExact(hour, hourPicos));
      picos = Math.addExact(picos, Math.multiplyExact(output, unit.output()));
      nanos = Math.addExact(picos, PICOS_PER_NANO / 2) / PICOS_PER_NANO;
    } catch (ArithmeticException e) {
      BigInteger picos =
          product(uncached, unit.input())
              .add(product(read, unit.cacheRead()))
              .add(product(write - hour, unit.cacheWrite()))
              .add(product(hour, hourPicos))
              .add(product(output, unit.output()));
      nanos = rounded(picos);
    }
    return new Cost(nanos, state, price.version(), unit);
  }

  private static BigInteger product(long tokens, long picos) {
    return BigInteger.valueOf(tokens).multiply(BigInteger.valueOf(picos));
  }

  /** More than 9 billion dollars is as much as can be said. */
  private static long rounded(BigInteger picos) {
    return picos
        .add(BigInteger.valueOf(PICOS_PER_NANO / 2))
        .divide(BigInteger.valueOf(PICOS_PER_NANO))
        .min(BigInteger.valueOf(Long.MAX_VALUE))
        .longValueExact();
  }
}
