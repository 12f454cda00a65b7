package dev.serai.report;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.ledger.Account;
import dev.serai.ledger.GroupBy;
import dev.serai.ledger.StatementSums;
import dev.serai.ledger.UsageReport;
import dev.serai.ledger.UsageSum;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tenant used in a month, and what it costs.
 *
 * @param tenant whose
 * @param month of the calendar
 * @param zone in which the month begins and ends
 * @param end the first instant after it
 * @param madeAt when it was added up
 * @param sums what it says
 */
public record Statement(
    String tenant,
    YearMonth month,
    ZoneId zone,
    Instant end,
    Instant madeAt,
    StatementSums.Sums sums) {

  /** By what the lines are. */
  static final List<GroupBy> LINES = List.of(GroupBy.MODEL, GroupBy.PROVIDER, GroupBy.ACCOUNT);

  private static final int MONTH_LENGTH = 7;
  private static final int LONGEST_ZONE = 64;

  /**
   * Adds up a tenant's month.
   *
   * @param month as {@code 2026-01}
   * @param zone as {@code Europe/Berlin} or {@code +02:00}; UTC when null or blank
   * @throws ApiException 400 naming what cannot be read
   */
  public static Statement of(
      StatementSums sums, String tenant, String month, @Nullable String zone, Instant now) {
    YearMonth of = month(month);
    ZoneId in = zone(zone);
    List<Instant> days = days(of, in);
    return new Statement(tenant, of, in, days.getLast(), now, sums.read(tenant, days, LINES));
  }

  /** When each day begins, and last when the last one ends. */
  private static List<Instant> days(YearMonth month, ZoneId zone) {
    List<Instant> days = new ArrayList<>();
    for (int day = 1; day <= month.lengthOfMonth(); day++) {
      days.add(month.atDay(day).atStartOfDay(zone).toInstant());
    }
    days.add(month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant());
    return days;
  }

  private static YearMonth month(String text) {
    try {
      if (text.length() == MONTH_LENGTH) {
        YearMonth month = YearMonth.parse(text);
        if (month.getYear() > 0) {
          return month;
        }
      }
    } catch (DateTimeException e) {
      // Told below.
    }
    throw new ApiException(ApiError.invalidRequest("Give the month as 2026-01.", "month", null));
  }

  private static ZoneId zone(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return ZoneId.of("UTC");
    }
    try {
      if (text.length() <= LONGEST_ZONE) {
        return ZoneId.of(text);
      }
    } catch (DateTimeException e) {
      // Told below.
    }
    throw new ApiException(
        ApiError.invalidRequest(
            "Give time_zone as Europe/Berlin, +02:00 (its + written %2B) or UTC.",
            "time_zone", null));
  }

  /** Whether nothing is to be added any more: the month is over and no call of it is under way. */
  boolean isFinal() {
    return !madeAt.isBefore(end) && sums.lines().total().open() == 0;
  }

  /** Whether there was anything at all. */
  public boolean any() {
    return sums.lines().total().any();
  }

  /** Those on which something stands: what was only refused is no line. */
  List<UsageSum> lines() {
    return sums.lines().rows().stream()
        .filter(
            line ->
                line.requests() != 0
                    || line.costNanos() != 0
                    || line.cacheHits() != 0
                    || line.savedNanos() != 0)
        .toList();
  }

  /** What the calls of some sums cost where that account at the provider paid, in nano-dollars. */
  static long paidBy(Account account, UsageReport.Report report) {
    return report.rows().stream()
        .filter(row -> account.label().equals(row.group().get(GroupBy.ACCOUNT)))
        .mapToLong(UsageSum::costNanos)
        .sum();
  }

  LocalDate day(int day) {
    return month.atDay(day + 1);
  }
}
