package dev.serai.ledger;

import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended.
 *
 * @param id the row that {@link Ledger#open} made durable
 * @param state anything but {@code OPEN}
 * @param errorType the failure's {@code type()}; null when it answered
 * @param httpStatus the provider's; null where there was none
 * @param responseModel the model that answered, as the provider names it
 * @param finishReasons comma-separated
 * @param usage tokens; {@link Usage#NONE} when nothing was used
 * @param charge what it costs
 * @param firstByteMicros from sending to the first byte of content, in microseconds
 * @param durationMicros from sending to the end, in microseconds
 * @param completedAt when it ended
 */
public record Settlement(
    long id,
    RowState state,
    @Nullable String errorType,
    @Nullable Integer httpStatus,
    @Nullable String responseModel,
    @Nullable String finishReasons,
    Usage usage,
    Charge charge,
    @Nullable Long firstByteMicros,
    long durationMicros,
    Instant completedAt)
    implements NamedValues {

  /** Makes every text fit; refuses the state {@code OPEN}. */
  public Settlement {
    if (state == RowState.OPEN) {
      throw new IllegalArgumentException("a settlement closes a row");
    }
    errorType = Text.clip(errorType, 64);
    responseModel = Text.clip(responseModel, 255);
    finishReasons = Text.clip(finishReasons, 128);
  }

  /** The call of this row never left: no usage, no cost. */
  public static Settlement notSent(long id, @Nullable String errorType, Instant at) {
    return new Settlement(
        id,
        RowState.NOT_SENT,
        errorType,
        null,
        null,
        null,
        Usage.NONE,
        Charge.NOTHING,
        null,
        0,
        at);
  }

  /** Nobody will ever know how the call of this row ended: it is charged with its estimate. */
  static Settlement unsettled(OpenRow row, Instant at) {
    return new Settlement(
        row.id(),
        RowState.UNSETTLED,
        null,
        null,
        null,
        null,
        Usage.estimate(row.estInputTokens(), row.estOutputTokens()),
        row.estimate(),
        null,
        0,
        at);
  }

  @Override
  public @Nullable Object value(String column) {
    return switch (column) {
      case "id" -> id;
      case "state" -> state.label();
      case "error_type" -> errorType;
      case "http_status" -> httpStatus;
      case "response_model" -> responseModel;
      case "finish_reasons" -> finishReasons;
      case "input_tokens" -> usage.inputTokens();
      case "output_tokens" -> usage.outputTokens();
      case "cache_read_tokens" -> usage.cacheReadInputTokens();
      case "cache_write_tokens" -> usage.cacheWriteInputTokens();
      case "reasoning_tokens" -> usage.reasoningTokens();
      case "cost_nanos" -> charge.nanos();
      case "cost_state" -> charge.state().label();
      case "provider_cost_nanos" -> usage.providerCostNanos();
      case "price_version" -> charge.priceVersion();
      case "price_input_picos" -> charge.inputPicos();
      case "price_output_picos" -> charge.outputPicos();
      case "price_cache_read_picos" -> charge.cacheReadPicos();
      case "price_cache_write_picos" -> charge.cacheWritePicos();
      case "service_tier" ->
          usage.serviceTier() == ServiceTier.STANDARD ? null : usage.serviceTier().label();
      case "mark_up" -> charge.markUp();
      case "net_cost_nanos" -> charge.basis().netNanos();
      case "usage_details" -> RowDetails.of(usage);
      case "price_details" -> RowDetails.of(charge, usage);
      case "first_byte_micros" -> firstByteMicros;
      case "duration_micros" -> durationMicros;
      case "completed_at" -> completedAt.atOffset(ZoneOffset.UTC);
      default -> throw new IllegalArgumentException("no column " + column);
    };
  }
}
