package dev.serai.ledger;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Money set aside for a call until it is known what it costs.
 *
 * @param periods in which budget periods, by their ids in ascending order
 * @param nanos how much in each of them, in nano-dollars: 0 to {@link #MOST}
 */
public record Reservation(List<Long> periods, long nanos) {

  /** More is reserved for no call, so that no sum of a batch overflows. */
  public static final long MOST = 1_000_000_000_000_000L;

  /** Nothing, of no budget. */
  public static final Reservation NONE = new Reservation(List.of(), 0);

  /** Brings ids into their order and the amount into its bounds. */
  public Reservation {
    periods = periods.stream().distinct().sorted().toList();
    nanos = Math.clamp(nanos, 0, MOST);
  }

  /** In these budget periods, by their ids; how much is told by the row's estimate. */
  public static Reservation in(Collection<Long> periods) {
    return periods.isEmpty() ? NONE : new Reservation(List.copyOf(periods), 0);
  }

  /** Whether any budget is concerned. */
  boolean any() {
    return !periods.isEmpty();
  }

  /** The ids as the column {@code budgets} has them; null without any. */
  @Nullable String column() {
    return periods.isEmpty()
        ? null
        : periods.stream().map(String::valueOf).collect(Collectors.joining(","));
  }

  /** What a row says. */
  static Reservation of(@Nullable String column, long nanos) {
    return column == null || column.isEmpty()
        ? NONE
        : new Reservation(Arrays.stream(column.split(",")).map(Long::valueOf).toList(), nanos);
  }
}
