package dev.serai.pricelist;

import dev.serai.catalog.Model;
import dev.serai.catalog.Price;
import dev.serai.policy.Money;
import dev.serai.pricelist.PriceDiff.Change;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A difference as YAML that can be read, and pasted into {@code models.yaml}. */
final class DiffText {
  private static final BigDecimal TOKENS = BigDecimal.valueOf(1000);
  private static final int MILLION = 6;

  private final PriceList list;
  private final PriceDiff diff;
  private final List<String> lines = new ArrayList<>();

  private DiffText(PriceList list, PriceDiff diff) {
    this.list = list;
    this.diff = diff;
  }

  /** The lines, without line ends. */
  static List<String> of(PriceList list, PriceDiff diff) {
    DiffText text = new DiffText(list, diff);
    text.write();
    return text.lines;
  }

  private void write() {
    lines.add(
        "# %s of %s beside models.yaml, in USD per million tokens"
            .formatted(list.source(), list.day()));
    lines.add(
        "# %d changed, %d new, %d gone, %d the same, %d left alone, %d passed over"
            .formatted(
                diff.changed().size(),
                diff.added().size(),
                diff.gone().size(),
                diff.same(),
                diff.leftAlone().size(),
                list.passedOver().size()));
    if (!diff.changed().isEmpty() || !diff.added().isEmpty()) {
      lines.add("serai:");
      lines.add("  models:");
      diff.changed().forEach(this::changed);
      diff.added().forEach(this::added);
    }
    diff.gone().forEach(this::gone);
    diff.leftAlone().forEach(name -> lines.add("# left alone: " + printable(name)));
    list.passedOver().forEach(name -> lines.add("# passed over: " + printable(name)));
  }

  private void changed(Change change) {
    Model model = change.model();
    lines.add("    # changed: " + model.id());
    change.differences().forEach(line -> lines.add("    #   " + line));
    lines.add(
        "    #   1,000 tokens in and 1,000 out: %s -> %s"
            .formatted(
                thousands(Listed.named(change.before()).standard()),
                thousands(change.after().standard())));
    lines.add(
        "    #   price %s then ends: valid-until: %s"
            .formatted(change.before().version(), list.day()));
    lines.add("    - id: \"" + model.id() + "\"");
    lines.add("      provider: " + model.providerName());
    lines.add("      prices:");
    price(list, change).forEach(line -> lines.add("        " + line));
  }

  /** The entry of a change: what is printed and what is written. */
  static List<String> price(PriceList list, Change change) {
    String version = list.day().toString();
    for (int i = 2; has(change.model(), version); i++) {
      version = list.day() + "-" + i;
    }
    return Yaml.price(version, list.day().toString(), list, change.after());
  }

  private static boolean has(Model model, String version) {
    return model.prices().stream().map(Price::version).anyMatch(version::equals);
  }

  /** The entry of a new model: what is printed and what is written. */
  static List<String> model(PriceList list, Offer offer) {
    return Yaml.model(offer, Yaml.price(list.day().toString(), "", list, offer.quote()));
  }

  private void added(Offer offer) {
    lines.add("    # new: " + printable(offer.id()));
    model(list, offer).forEach(line -> lines.add("    " + line));
  }

  private void gone(Model model) {
    lines.add("# gone: " + model.id() + " of " + model.providerName() + " is not in the file");
  }

  private static String thousands(Rates rates) {
    BigDecimal each =
        Objects.requireNonNullElse(rates.base().get(Figure.INPUT), BigDecimal.ZERO)
            .add(Objects.requireNonNullElse(rates.base().get(Figure.OUTPUT), BigDecimal.ZERO));
    return Money.text(each.movePointLeft(MILLION).multiply(TOKENS));
  }

  /** Names come from a file of others: nothing in them may end a comment's line. */
  private static String printable(String text) {
    return text.replaceAll("[^\\x20-\\x7e]", "?");
  }
}
