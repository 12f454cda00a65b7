package dev.serai.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryAfterTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-31T12:00:00Z"), ZoneOffset.UTC);

  @ParameterizedTest
  @CsvSource({
    ", 7, 7000",
    ", 0, 0",
    ", 1.5, 1500",
    "250, 7, 250",
    "12.3, , 13",
    "soon, 7, 7000",
    ", 'Sat, 31 Jan 2026 12:00:05 GMT', 5000",
    ", 'Sat, 31 Jan 2026 11:00:00 GMT', 0",
    ", soon,",
    ", -1,",
    ", NaN,",
    ", 1234567890123,",
    ", '',",
    ", ,",
  })
  void reads_what_a_provider_may_write(
      @Nullable String millis, @Nullable String value, @Nullable Long expectedMillis) {
    assertThat(RetryAfter.read(millis, value, CLOCK))
        .isEqualTo(expectedMillis == null ? null : Duration.ofMillis(expectedMillis));
  }
}
