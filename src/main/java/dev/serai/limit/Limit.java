package dev.serai.limit;

import org.jspecify.annotations.Nullable;

/**
 * How much a subject may use; null for what is not limited, else 1 or more.
 *
 * @param concurrency calls at the same time
 */
public record Limit(
    @Nullable Long requestsPerMinute,
    @Nullable Long requestsPerDay,
    @Nullable Long tokensPerMinute,
    @Nullable Long tokensPerDay,
    @Nullable Long concurrency) {

  /** The largest figure that is taken. */
  public static final long MOST = 10_000_000_000L;

  /** The largest number of calls at the same time that is taken. */
  public static final long MOST_CONCURRENCY = 1_000_000;

  /** The figure of a measure; null when it is not limited. */
  public @Nullable Long of(Measure measure) {
    return switch (measure) {
      case REQUESTS_PER_MINUTE -> requestsPerMinute;
      case REQUESTS_PER_DAY -> requestsPerDay;
      case TOKENS_PER_MINUTE -> tokensPerMinute;
      case TOKENS_PER_DAY -> tokensPerDay;
    };
  }

  /** What is wrong with it, for whoever set it; null when nothing is. */
  public @Nullable String problem() {
    boolean any = concurrency != null;
    for (Measure measure : Measure.values()) {
      Long value = of(measure);
      any |= value != null;
      if (value != null && (value < 1 || value > MOST)) {
        return outOfRange(measure.label(), MOST);
      }
    }
    if (concurrency != null && (concurrency < 1 || concurrency > MOST_CONCURRENCY)) {
      return outOfRange("concurrency", MOST_CONCURRENCY);
    }
    return any
        ? null
        : "This limits nothing: give one of requests_per_minute, requests_per_day,"
            + " tokens_per_minute, tokens_per_day and concurrency, or DELETE the limit.";
  }

  private static String outOfRange(String field, long most) {
    return field + " takes a whole number from 1 to " + most + ", or null for no limit.";
  }

  /** As JSON, for the audit. */
  String json() {
    StringBuilder json = new StringBuilder(160).append('{');
    for (Measure measure : Measure.values()) {
      json.append('"').append(measure.label()).append("\":").append(of(measure)).append(',');
    }
    return json.append("\"concurrency\":").append(concurrency).append('}').toString();
  }
}
