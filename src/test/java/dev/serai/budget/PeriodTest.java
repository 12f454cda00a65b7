package dev.serai.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeriodTest {

  @ParameterizedTest
  @CsvSource({
    "DAY, UTC, 2026-02-28T23:59:59.999Z, 2026-02-28T00:00:00Z, 2026-03-01T00:00:00Z",
    "DAY, UTC, 2026-03-01T00:00:00Z, 2026-03-01T00:00:00Z, 2026-03-02T00:00:00Z",
    "DAY, Asia/Kolkata, 2026-03-01T18:29:59Z, 2026-02-28T18:30:00Z, 2026-03-01T18:30:00Z",
    "WEEK, UTC, 2026-11-22T12:00:00Z, 2026-11-16T00:00:00Z, 2026-11-23T00:00:00Z",
    "WEEK, UTC, 2026-11-23T00:00:00Z, 2026-11-23T00:00:00Z, 2026-11-30T00:00:00Z",
    "WEEK, UTC, 2027-01-01T08:00:00Z, 2026-12-28T00:00:00Z, 2027-01-04T00:00:00Z",
    "MONTH, UTC, 2028-02-29T12:00:00Z, 2028-02-01T00:00:00Z, 2028-03-01T00:00:00Z",
    "MONTH, UTC, 2026-12-31T23:59:59Z, 2026-12-01T00:00:00Z, 2027-01-01T00:00:00Z",
    "MONTH, Europe/Berlin, 2026-10-31T23:30:00Z, 2026-10-31T23:00:00Z, 2026-11-30T23:00:00Z",
    "MONTH, America/New_York, 2026-11-01T03:59:59Z, 2026-10-01T04:00:00Z, 2026-11-01T04:00:00Z",
    "MONTH, America/New_York, 2026-11-01T04:00:00Z, 2026-11-01T04:00:00Z, 2026-12-01T05:00:00Z",
  })
  void begins_and_ends_at_the_zones_midnight(
      Period period, String zone, Instant at, Instant start, Instant end) {
    assertThat(period.at(at, ZoneId.of(zone))).isEqualTo(new Period.Span(start, end));
  }

  @ParameterizedTest
  @CsvSource({
    "Europe/Berlin, 2026-03-29T12:00:00Z, 23",
    "Europe/Berlin, 2026-10-25T12:00:00Z, 25",
    // No midnight: the clocks go from 23:59 to 01:00.
    "Africa/Cairo, 2026-04-24T12:00:00Z, 23",
    // The hour after midnight comes twice.
    "America/Havana, 2026-11-01T12:00:00Z, 25",
    // The hour before midnight comes twice.
    "Africa/Cairo, 2026-10-29T12:00:00Z, 25",
  })
  void a_day_on_which_the_clocks_change_has_other_hours(String zone, Instant noon, int hours) {
    Period.Span day = Period.DAY.at(noon, ZoneId.of(zone));

    assertThat(Duration.between(day.start(), day.end())).hasHours(hours);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Europe/Berlin", "Africa/Cairo", "America/Havana", "Pacific/Apia", "Asia/Tehran"})
  void every_instant_is_in_one_period_which_ends_where_the_next_begins(String zone) {
    ZoneId id = ZoneId.of(zone);
    for (Period period : new Period[] {Period.DAY, Period.WEEK, Period.MONTH}) {
      Period.Span span = period.at(Instant.parse("2011-01-01T00:00:00Z"), id);
      for (int i = 0; i < 800; i++) {
        Instant end = java.util.Objects.requireNonNull(span.end());
        Instant last = end.minusMillis(1);
        assertThat(period.at(last, id)).as("%s %s", zone, last).isEqualTo(span);
        span = period.at(end, id);
        assertThat(span.start()).isEqualTo(end);
      }
    }
  }

  @Test
  void a_total_has_no_end() {
    Period.Span ever = Period.TOTAL.at(Instant.parse("2026-11-20T12:00:00Z"), ZoneId.of("UTC"));

    assertThat(ever.end()).isNull();
    assertThat(ever.holds(Instant.parse("9999-01-01T00:00:00Z"))).isTrue();
  }
}
