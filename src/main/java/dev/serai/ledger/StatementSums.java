package dev.serai.ledger;

import dev.serai.ledger.UsageReport.Report;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionOperations;

/** Adds up a tenant's days, all as of the same moment. */
public final class StatementSums {

  /**
   * The sums.
   *
   * @param lines by the groups asked for, and their total
   * @param days one for each day, in their order, by whose account at the provider paid
   */
  public record Sums(Report lines, List<Report> days) {}

  private final UsageReport reports;
  private final TransactionOperations snapshot;

  /**
   * Reads through a report.
   *
   * @param snapshot transactions in which every statement sees the same
   */
  StatementSums(UsageReport reports, TransactionOperations snapshot) {
    this.reports = reports;
    this.snapshot = snapshot;
  }

  /**
   * Adds up. What made no call is known by the hour: an hour belongs to the day in which it begins.
   *
   * @param tenant whose
   * @param days when each day begins, and last when the last one ends
   * @param groupBy of the lines
   * @throws DataAccessException when the database cannot be used
   * @throws TransactionException when the database cannot be used
   */
  public Sums read(String tenant, List<Instant> days, List<GroupBy> groupBy) {
    Sums sums =
        snapshot.execute(
            status -> {
              Report lines = report(tenant, days.getFirst(), days.getLast(), groupBy);
              List<Report> each = new ArrayList<>();
              for (int i = 1; i < days.size(); i++) {
                each.add(report(tenant, days.get(i - 1), days.get(i), List.of(GroupBy.ACCOUNT)));
              }
              return new Sums(lines, List.copyOf(each));
            });
    if (sums == null) {
      throw new IllegalStateException("sums are always read");
    }
    return sums;
  }

  private Report report(String tenant, Instant from, Instant to, List<GroupBy> groupBy) {
    return reports.readAll(
        new UsageQuery(tenant, from, to, groupBy),
        new UsageQuery(tenant, nextHour(from), nextHour(to), groupBy));
  }

  private static Instant nextHour(Instant time) {
    Instant hour = time.truncatedTo(ChronoUnit.HOURS);
    return hour.equals(time) ? hour : hour.plus(1, ChronoUnit.HOURS);
  }
}
