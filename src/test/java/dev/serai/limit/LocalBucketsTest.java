package dev.serai.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocalBucketsTest {
  private static final Subject ACME = new Subject(Scope.TENANT, "acme");

  private Instant now = Instant.parse("2026-03-01T12:00:00Z");
  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };
  private final LocalBuckets buckets = new LocalBuckets(clock, draw -> null);

  private static Draw minute(long limit, long amount) {
    return new Draw(ACME, Measure.TOKENS_PER_MINUTE, limit, amount);
  }

  private static Draw day(long limit) {
    return new Draw(ACME, Measure.REQUESTS_PER_DAY, limit, 1);
  }

  private long granted(int tries, Draw... draws) {
    long granted = 0;
    for (int i = 0; i < tries; i++) {
      granted += buckets.take(List.of(draws)).stream().allMatch(Standing::granted) ? 1 : 0;
    }
    return granted;
  }

  @Test
  void lets_all_of_it_through_at_once_and_nothing_more_until_the_window_ends() {
    assertThat(granted(100, minute(50, 1))).isEqualTo(50);

    now = now.plusSeconds(59);
    assertThat(granted(10, minute(50, 1))).isZero();

    now = now.plusSeconds(1);
    assertThat(granted(100, minute(50, 1))).isEqualTo(50);
  }

  @Test
  void a_day_ends_at_midnight_in_utc() {
    assertThat(granted(3, day(2))).isEqualTo(2);

    now = Instant.parse("2026-03-01T23:59:59Z");
    assertThat(granted(1, day(2))).isZero();

    now = Instant.parse("2026-03-02T00:00:00Z");
    assertThat(granted(3, day(2))).isEqualTo(2);
  }

  @Test
  void says_what_is_left_and_when_the_window_ends() {
    Standing standing = buckets.take(List.of(minute(50, 20))).getFirst();
    Standing refused = buckets.take(List.of(minute(50, 31))).getFirst();

    assertThat(standing.remaining()).isEqualTo(30);
    assertThat(standing.reset()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
    assertThat(refused.granted()).isFalse();
    assertThat(refused.remaining()).isEqualTo(30);
    assertThat(refused.reset()).isBetween(Duration.ofSeconds(50), Duration.ofSeconds(60));
  }

  @Test
  void what_one_limit_refuses_is_taken_of_no_other() {
    assertThat(granted(5, minute(100, 10), day(3))).isEqualTo(3);

    assertThat(granted(100, minute(100, 1))).isEqualTo(70);
  }

  @Test
  void what_was_not_used_comes_back_and_what_was_used_beyond_is_owed() {
    buckets.take(List.of(minute(100, 80)));

    buckets.add(minute(100, 80), 50);
    assertThat(granted(100, minute(100, 1))).isEqualTo(70);

    buckets.add(minute(100, 80), -30);
    now = now.plusSeconds(60);
    assertThat(granted(100, minute(100, 1))).isEqualTo(70);
  }

  @Test
  void another_limit_holds_at_once_and_forgets_nothing() {
    granted(30, minute(50, 1));

    assertThat(granted(100, minute(40, 1))).as("lowered").isEqualTo(10);
    assertThat(granted(100, minute(100, 1))).as("raised").isEqualTo(60);
    assertThat(granted(100, minute(20, 1))).as("below what was consumed").isZero();

    now = now.plusSeconds(60);
    assertThat(granted(100, minute(20, 1))).as("in the next window").isEqualTo(20);
  }

  @Test
  void tells_what_was_consumed_when_it_forgets() {
    granted(7, minute(50, 2));
    List<String> consumed = new ArrayList<>();

    buckets.drain((draw, used) -> consumed.add(draw.key().path() + " " + used));

    assertThat(consumed).containsExactly("tenant/acme/tokens_per_minute 14");
    assertThat(granted(60, minute(50, 1))).isEqualTo(50);
  }

  @Test
  void begins_with_what_was_left_elsewhere() {
    LocalBuckets seeded =
        new LocalBuckets(clock, draw -> new LocalBuckets.Seed(3, clock.instant().plusSeconds(10)));
    List<Boolean> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(seeded.take(List.of(minute(50, 1))).getFirst().granted());
    }

    assertThat(taken).containsExactly(true, true, true, false, false);
    now = now.plusSeconds(10);
    assertThat(seeded.take(List.of(minute(50, 50))).getFirst().granted()).isTrue();
  }
}
