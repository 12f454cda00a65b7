package dev.serai.report;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.GroupBy;
import dev.serai.ledger.UsageQuery;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A question for usage, as it stands in the parameters of a request.
 *
 * @param from RFC 3339 time or date, inclusive; null for all
 * @param to RFC 3339 time or date, exclusive; null for all
 * @param groupBy names, also several in one with commas between
 * @param accept the header; JSON unless it names CSV
 */
public record UsageRequest(
    @Nullable String from, @Nullable String to, List<String> groupBy, @Nullable String accept) {

  private static final int DATE_LENGTH = 10;

  /** What every database can hold. */
  private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

  private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

  /**
   * What is to be added up.
   *
   * @param tenant only this one; null for all
   * @throws ApiException 400 naming the parameter that cannot be read
   */
  public UsageQuery query(@Nullable String tenant) {
    return new UsageQuery(tenant, time("from", from), time("to", to), groups());
  }

  /** Whether the answer is to be CSV. */
  public boolean csv() {
    return accept != null && accept.contains("text/csv");
  }

  private List<GroupBy> groups() {
    List<GroupBy> groups = new ArrayList<>();
    for (String names : groupBy) {
      for (String name : names.isBlank() ? new String[0] : names.split(",", -1)) {
        groups.add(group(name.strip()));
      }
    }
    return groups;
  }

  private static GroupBy group(String name) {
    try {
      return GroupBy.of(name);
    } catch (IllegalArgumentException e) {
      throw new ApiException(
          ApiError.invalidRequest(
              "group_by takes " + GroupBy.NAMES + ", with commas between.", "group_by", null));
    }
  }

  /**
   * Reads a time of a request.
   *
   * @param name the parameter's name, for the error
   * @param text a date or an RFC 3339 time; null or blank for none
   * @throws ApiException 400 when it is neither, or beyond the years 1 to 9999
   */
  public static @Nullable Instant time(String name, @Nullable String text) {
    if (text == null || text.isBlank()) {
      return null;
    }
    try {
      Instant time =
          text.length() == DATE_LENGTH
              ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
              : Instant.parse(text);
      if (!time.isBefore(FIRST) && !time.isAfter(LAST)) {
        return time;
      }
    } catch (DateTimeParseException e) {
      // Told below.
    }
    throw new ApiException(
        ApiError.invalidRequest(
            "Give " + name + " as 2026-01-31 or 2026-01-31T12:00:00Z.", name, null));
  }
}
