package dev.serai.ledger;

import dev.serai.catalog.MediaPrices;
import dev.serai.catalog.UnitPrices;
import dev.serai.chat.Usage;
import org.jspecify.annotations.Nullable;

/**
 * The token counts and unit prices that most calls do not have, as the columns {@code
 * usage_details} and {@code price_details} hold them: {@code name=value}, separated by commas.
 */
final class RowDetails {
  private final StringBuilder text = new StringBuilder();

  private RowDetails() {}

  /** The counts that are not 0; null when there are none. */
  static @Nullable String of(Usage usage) {
    Usage.Details details = usage.details();
    if (details.equals(Usage.Details.NONE) && usage.cacheWriteHourInputTokens() == 0) {
      return null;
    }
    RowDetails row = new RowDetails();
    row.add("cache_write_1h", usage.cacheWriteHourInputTokens());
    row.add("audio_input", details.audioInput());
    row.add("image_input", details.imageInput());
    row.add("audio_output", details.audioOutput());
    row.add("image_output", details.imageOutput());
    row.add("accepted_prediction", details.acceptedPrediction());
    row.add("rejected_prediction", details.rejectedPrediction());
    return row.text();
  }

  /**
   * The prices of what was used of these, in pico-dollars per token, and the fee of the call in
   * nano-dollars; null when there are none. Reasoning is left out where it costs what other output
   * does, and so are media that have no price and cost what text does.
   */
  static @Nullable String of(Charge charge, Usage usage) {
    UnitPrices unit = charge.unit();
    if (unit == null) {
      return null;
    }
    RowDetails row = new RowDetails();
    if (usage.cacheWriteHourInputTokens() != 0) {
      row.add("cache_write_1h", (Long) unit.cacheWriteHour());
    }
    if (usage.reasoningTokens() != 0 && unit.reasoning() != unit.output()) {
      row.add("reasoning", (Long) unit.reasoning());
    }
    Usage.Details details = usage.details();
    if (!details.equals(Usage.Details.NONE)) {
      MediaPrices media = unit.media();
      row.add("audio_input", details.audioInput() == 0 ? null : media.audioInput());
      row.add("image_input", details.imageInput() == 0 ? null : media.imageInput());
      row.add("audio_output", details.audioOutput() == 0 ? null : media.audioOutput());
      row.add("image_output", details.imageOutput() == 0 ? null : media.imageOutput());
    }
    row.add("per_request_nanos", charge.basis().perRequestNanos());
    return row.text();
  }

  private void add(String name, long count) {
    if (count != 0) {
      add(name, (Long) count);
    }
  }

  private void add(String name, @Nullable Long value) {
    if (value != null) {
      text.append(text.isEmpty() ? "" : ",").append(name).append('=').append(value);
    }
  }

  private @Nullable String text() {
    return text.isEmpty() ? null : text.toString();
  }
}
