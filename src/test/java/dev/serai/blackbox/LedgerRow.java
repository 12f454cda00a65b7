package dev.serai.blackbox;

import dev.serai.provider.Tokens;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the tests look at in a row of {@code llm_usage}.
 *
 * @param errorType null where the call succeeded
 * @param costNanos null where the model has no price
 */
record LedgerRow(
    String requestId,
    int attempt,
    String entry,
    String state,
    @Nullable String errorType,
    Tokens tokens,
    @Nullable Long costNanos,
    String costState) {

  static LedgerRow of(Map<String, Object> row) {
    return new LedgerRow(
        text(row, "request_id"),
        (int) number(row, "attempt"),
        text(row, "entry"),
        text(row, "state"),
        row.get("error_type") == null ? null : text(row, "error_type"),
        new Tokens(
            number(row, "input_tokens"),
            number(row, "output_tokens"),
            number(row, "cache_read_tokens"),
            number(row, "reasoning_tokens")),
        row.get("cost_nanos") == null ? null : number(row, "cost_nanos"),
        text(row, "cost_state"));
  }

  /** Such as {@code failed timeout} or {@code settled}. */
  String outcome() {
    return errorType == null ? state : state + " " + errorType;
  }

  private static String text(Map<String, Object> row, String column) {
    return String.valueOf(row.get(column));
  }

  private static long number(Map<String, Object> row, String column) {
    Object value = row.get(column);
    return value instanceof Number n ? n.longValue() : 0;
  }
}
