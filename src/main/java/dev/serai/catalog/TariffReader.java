package dev.serai.catalog;

import dev.serai.catalog.CatalogProperties.FiguresEntry;
import dev.serai.catalog.CatalogProperties.TierEntry;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads figures: what a token of each kind costs. */
final class TariffReader {
  private TariffReader() {}

  /**
   * The prices of an ordinary call. Tokens that have no price of their own cost what those do that
   * they are a part of: cached ones what input does, an hour in the cache what five minutes do,
   * reasoning what output does.
   */
  static UnitPrices base(FiguresEntry raw, Entry entry) {
    long input = entry.price("input", raw.input());
    long output = entry.price("output", raw.output());
    long write = or(entry.optionalPrice("cache-write", raw.cacheWrite()), input);
    return new UnitPrices(
        input,
        output,
        or(entry.optionalPrice("cache-read", raw.cacheRead()), input),
        write,
        or(entry.optionalPrice("cache-write-1h", raw.cacheWrite1h()), write),
        or(entry.optionalPrice("reasoning", raw.reasoning()), output),
        media(raw, MediaPrices.NONE, entry));
  }

  /**
   * The prices of a longer prompt or another service tier; an hour in the cache and reasoning are
   * dearer or cheaper in the same measure as writing and output are, and what is no text costs the
   * same as in an ordinary call, where the entry does not say.
   */
  static UnitPrices of(FiguresEntry raw, UnitPrices base, Entry entry) {
    UnitPrices plain = base(raw, entry);
    return new UnitPrices(
        plain.input(),
        plain.output(),
        plain.cacheRead(),
        plain.cacheWrite(),
        Entry.text(raw.cacheWrite1h()) == null
            ? scaled(base.cacheWriteHour(), base.cacheWrite(), plain.cacheWrite())
            : plain.cacheWriteHour(),
        Entry.text(raw.reasoning()) == null
            ? scaled(base.reasoning(), base.output(), plain.output())
            : plain.reasoning(),
        media(raw, base.media(), entry));
  }

  static List<PriceTier> tiers(List<TierEntry> raw, UnitPrices base, Entry entry) {
    List<PriceTier> tiers = new ArrayList<>();
    Set<Long> thresholds = new HashSet<>();
    for (TierEntry tier : raw) {
      String text =
          entry.required("above-prompt-tokens of a tier", tier.abovePromptTokens(), "give one");
      Entry at = entry.at("tier above " + text);
      long threshold =
          text.isEmpty() ? 1 : at.count("above-prompt-tokens", text, 1, 1, Integer.MAX_VALUE);
      if (!thresholds.add(threshold)) {
        at.problem("is there twice: give each tier its own above-prompt-tokens");
      }
      tiers.add(new PriceTier(threshold, of(tier.figures(), base, at)));
    }
    tiers.sort(Comparator.comparingLong(PriceTier::abovePromptTokens).reversed());
    return List.copyOf(tiers);
  }

  private static MediaPrices media(FiguresEntry raw, MediaPrices otherwise, Entry entry) {
    return new MediaPrices(
        orElse(entry.optionalPrice("audio-input", raw.audioInput()), otherwise.audioInput()),
        orElse(entry.optionalPrice("audio-output", raw.audioOutput()), otherwise.audioOutput()),
        orElse(entry.optionalPrice("image-input", raw.imageInput()), otherwise.imageInput()),
        orElse(entry.optionalPrice("image-output", raw.imageOutput()), otherwise.imageOutput()));
  }

  /** Rounded up, so that a figure that is only reckoned is never too small. */
  private static long scaled(long figure, long from, long to) {
    if (from == 0 || figure == from) {
      return figure == from ? to : figure;
    }
    BigInteger divisor = BigInteger.valueOf(from);
    return BigInteger.valueOf(figure)
        .multiply(BigInteger.valueOf(to))
        .add(divisor.subtract(BigInteger.ONE))
        .divide(divisor)
        .min(BigInteger.valueOf(Entry.MAX_PICOS))
        .longValueExact();
  }

  private static long or(@Nullable Long figure, long otherwise) {
    return figure == null ? otherwise : figure;
  }

  private static @Nullable Long orElse(@Nullable Long figure, @Nullable Long otherwise) {
    return figure == null ? otherwise : figure;
  }
}
