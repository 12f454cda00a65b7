package dev.serai.ledger;

import dev.serai.chat.Usage;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongBinaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What calls add up to. Costs are nano-dollars.
 *
 * @param requests calls that reached, or may have reached, a provider
 * @param inputTokens all prompt tokens
 * @param outputTokens all completion tokens
 * @param cacheReadTokens of the prompt, read from the provider's cache
 * @param cacheWriteTokens of the prompt, written to the provider's cache
 * @param reasoningTokens of the completion, spent on reasoning
 * @param costNanos of the calls whose cost is known or estimated
 * @param unpriced calls whose cost is unknown
 * @param estimated calls whose cost is an estimate, the unsettled among them
 * @param estimatedNanos how much of the cost that is
 * @param unsettled calls of which nobody knows how they ended
 * @param unsettledNanos how much of the cost that is
 * @param failed calls that failed at the provider
 */
public record Tally(
    long requests,
    long inputTokens,
    long outputTokens,
    long cacheReadTokens,
    long cacheWriteTokens,
    long reasoningTokens,
    long costNanos,
    long unpriced,
    long estimated,
    long estimatedNanos,
    long unsettled,
    long unsettledNanos,
    long failed) {

  /** No calls. */
  public static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /**
   * A sum of a row.
   *
   * @param name the column of {@code usage_hours}
   * @param ofRow what one row of {@code llm_usage} adds to it, in SQL
   */
  record Column(String name, String ofRow) {}

  /** In the order of the components. */
  static final List<Column> COLUMNS =
      List.of(
          new Column("requests", "1"),
          new Column("input_tokens", "input_tokens"),
          new Column("output_tokens", "output_tokens"),
          new Column("cache_read_tokens", "cache_read_tokens"),
          new Column("cache_write_tokens", "cache_write_tokens"),
          new Column("reasoning_tokens", "reasoning_tokens"),
          new Column("cost_nanos", "cost_nanos"),
          new Column("unpriced", when("cost_state = 'unpriced'", "1")),
          new Column("estimated", when("cost_state = 'estimated' AND state <> 'open'", "1")),
          new Column("estimated_nanos", when("cost_state = 'estimated'", "cost_nanos")),
          new Column("unsettled", when("state = 'unsettled'", "1")),
          new Column("unsettled_nanos", when("state = 'unsettled'", "cost_nanos")),
          new Column("failed", when("state = 'failed'", "1")));

  /** What a report tells of calls: a database has less to add up than for a statement. */
  private static final Set<String> REPORTED =
      Set.of("requests", "input_tokens", "output_tokens", "cost_nanos", "unpriced");

  /** As {@link #ofRows}, of rows of {@code usage_hours}. */
  static String ofHours(boolean all) {
    return sums(all, Column::name);
  }

  /**
   * The sums of rows of {@code llm_usage}, in SQL, separated by commas, under their names.
   *
   * @param all false for those that a report tells; the others are 0
   */
  static String ofRows(boolean all) {
    return sums(all, Column::ofRow);
  }

  private static String sums(boolean all, Function<Column, String> of) {
    return COLUMNS.stream()
        .map(
            each ->
                (all || REPORTED.contains(each.name)
                        ? "COALESCE(sum(" + of.apply(each) + "), 0)"
                        : "0")
                    + " AS "
                    + each.name)
        .collect(Collectors.joining(", "));
  }

  /** What one row counts with, as it is settled. */
  static Tally of(Settlement settlement) {
    Usage usage = settlement.usage();
    Charge charge = settlement.charge();
    return of(
        settlement.state(),
        charge.state(),
        charge.nanos(),
        usage.inputTokens(),
        usage.outputTokens(),
        usage.cacheReadInputTokens(),
        usage.cacheWriteInputTokens(),
        usage.reasoningTokens());
  }

  /** What a row that was cut off counts with. */
  static Tally unsettled(
      CostState costState, @Nullable Long nanos, long inputTokens, long outputTokens) {
    return of(RowState.UNSETTLED, costState, nanos, inputTokens, outputTokens, 0, 0, 0);
  }

  /** What a row of {@code llm_usage} counts with. */
  static Tally ofRow(ResultSet row, RowState state) throws SQLException {
    long nanos = row.getLong("cost_nanos");
    return of(
        state,
        costState(row.getString("cost_state")),
        row.wasNull() ? null : (Long) nanos,
        row.getLong("input_tokens"),
        row.getLong("output_tokens"),
        row.getLong("cache_read_tokens"),
        row.getLong("cache_write_tokens"),
        row.getLong("reasoning_tokens"));
  }

  static CostState costState(String label) {
    return Arrays.stream(CostState.values())
        .filter(state -> state.label().equals(label))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("a cost_state that is none"));
  }

  private static Tally of(
      RowState state,
      CostState cost,
      @Nullable Long known,
      long input,
      long output,
      long cacheRead,
      long cacheWrite,
      long reasoning) {
    if (state == RowState.OPEN || state == RowState.NOT_SENT) {
      return NONE;
    }
    long nanos = known == null ? 0 : known;
    boolean estimated = cost == CostState.ESTIMATED;
    boolean unsettled = state == RowState.UNSETTLED;
    return new Tally(
        1,
        input,
        output,
        cacheRead,
        cacheWrite,
        reasoning,
        nanos,
        cost == CostState.UNPRICED ? 1 : 0,
        estimated ? 1 : 0,
        estimated ? nanos : 0,
        unsettled ? 1 : 0,
        unsettled ? nanos : 0,
        state == RowState.FAILED ? 1 : 0);
  }

  /** Reads the sums that begin at a column of the answer. */
  static Tally read(ResultSet rows, int first) throws SQLException {
    long[] values = new long[COLUMNS.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = rows.getLong(first + i);
    }
    return of(values);
  }

  /** In the order of {@link #COLUMNS}. */
  long[] values() {
    return new long[] {
      requests,
      inputTokens,
      outputTokens,
      cacheReadTokens,
      cacheWriteTokens,
      reasoningTokens,
      costNanos,
      unpriced,
      estimated,
      estimatedNanos,
      unsettled,
      unsettledNanos,
      failed
    };
  }

  private static Tally of(long[] v) {
    return new Tally(
        v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], v[11], v[12]);
  }

  /** Both together. */
  public Tally plus(Tally other) {
    return with(other, Long::sum);
  }

  /** What is left without the other. */
  Tally minus(Tally other) {
    return with(other, (a, b) -> a - b);
  }

  private Tally with(Tally other, LongBinaryOperator operator) {
    long[] mine = values();
    long[] theirs = other.values();
    for (int i = 0; i < mine.length; i++) {
      mine[i] = operator.applyAsLong(mine[i], theirs[i]);
    }
    return of(mine);
  }

  private static String when(String condition, String value) {
    return "CASE WHEN " + condition + " THEN " + value + " ELSE 0 END";
  }
}
