package dev.serai.ledger;

import dev.serai.chat.Usage;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  private static final List<String> COLUMNS =
      List.copyOf(NamedSql.load("sql/settle-usage.sql").names());

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

  /** The named parameters of {@code sql/settle-usage.sql}; values may be null. */
  public Map<String, @Nullable Object> parameters() {
    Map<String, @Nullable Object> parameters = HashMap.newHashMap(COLUMNS.size());
    for (String column : COLUMNS) {
      parameters.put(column, value(column));
    }
    return parameters;
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
      case "first_byte_micros" -> firstByteMicros;
      case "duration_micros" -> durationMicros;
      case "completed_at" -> completedAt.atOffset(ZoneOffset.UTC);
      default -> throw new IllegalArgumentException("no column " + column);
    };
  }
}
