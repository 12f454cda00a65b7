package dev.serai.pricelist;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the tokens of one service tier cost, in USD per million; what is not there is not said.
 *
 * @param base for any prompt
 * @param tiers for prompts of more tokens than the key; each holds only what differs from the base
 */
record Rates(Map<Figure, BigDecimal> base, Map<Long, Map<Figure, BigDecimal>> tiers) {

  Rates {
    base = new EnumMap<>(base.isEmpty() ? new EnumMap<>(Figure.class) : base);
    tiers = new TreeMap<>(tiers);
  }

  boolean priced() {
    return base.containsKey(Figure.INPUT);
  }

  /** These, with all that the others say in their place. */
  Rates with(Rates others) {
    Rates both = new Rates(base, Map.of());
    both.base.putAll(others.base);
    tiers.forEach((above, figures) -> both.tiers.put(above, new EnumMap<>(figures)));
    others.tiers.forEach(
        (above, figures) ->
            both.tiers.computeIfAbsent(above, key -> new EnumMap<>(Figure.class)).putAll(figures));
    return both;
  }

  /** How the others differ, each difference as {@code input 2.50 -> 2.00}. */
  List<String> differences(String prefix, Rates after) {
    List<String> lines = new ArrayList<>(differences(prefix, base, after.base));
    after.tiers.forEach(
        (above, figures) ->
            lines.addAll(
                differences(
                    prefix + "above " + above + " ",
                    tiers.getOrDefault(above, Map.of()),
                    figures)));
    return lines;
  }

  private static List<String> differences(
      String prefix, Map<Figure, BigDecimal> before, Map<Figure, BigDecimal> after) {
    List<String> lines = new ArrayList<>();
    after.forEach(
        (figure, usd) -> {
          BigDecimal old = before.get(figure);
          if (old == null || old.compareTo(usd) != 0) {
            lines.add(
                prefix
                    + figure.setting
                    + " "
                    + (old == null ? "-" : Yaml.usd(old))
                    + " -> "
                    + Yaml.usd(usd));
          }
        });
    return lines;
  }
}
