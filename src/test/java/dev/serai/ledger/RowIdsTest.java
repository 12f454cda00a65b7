package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class RowIdsTest {
  private static final Instant NOON = Instant.parse("2025-06-01T12:00:00.123Z");

  @Test
  void an_id_tells_its_time_and_replica() {
    long id = new RowIds(Clock.fixed(NOON, ZoneOffset.UTC), 1023).next();

    assertThat(RowIds.timeOf(id)).isEqualTo(NOON);
    assertThat(RowIds.replicaOf(id)).isEqualTo(1023);
    assertThat(id)
        .isGreaterThanOrEqualTo(RowIds.lowestAt(NOON))
        .isLessThan(RowIds.lowestAt(NOON.plusMillis(1)));
  }

  @Test
  void ids_rise_although_the_clock_goes_back() {
    Instant[] now = {NOON};
    RowIds ids = new RowIds(new MovingClock(now), 5);
    long before = ids.next();

    now[0] = NOON.minusSeconds(3600);

    assertThat(ids.next()).isGreaterThan(before);
  }

  @Test
  void ids_are_unique_over_threads_and_beyond_the_counter() {
    RowIds ids = new RowIds(Clock.fixed(NOON, ZoneOffset.UTC), 0);
    Set<Long> seen = ConcurrentHashMap.newKeySet();
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int thread = 0; thread < 4; thread++) {
        threads.execute(
            () -> {
              for (int i = 0; i < 5000; i++) {
                seen.add(ids.next());
              }
            });
      }
    }

    assertThat(seen).hasSize(20_000);
  }

  @Test
  void times_before_the_epoch_are_the_lowest() {
    assertThat(RowIds.lowestAt(Instant.EPOCH)).isZero();
  }

  @Test
  void refuses_a_replica_number_that_does_not_fit() {
    assertThatThrownBy(() -> new RowIds(Clock.systemUTC(), 1024))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static final class MovingClock extends Clock {
    private final Instant[] now;

    MovingClock(Instant[] now) {
      this.now = now;
    }

    @Override
    public java.time.ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(java.time.ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return now[0];
    }
  }

  @Test
  void a_time_beyond_all_ids_is_above_all_ids() {
    assertThat(RowIds.lowestAt(Instant.parse("9999-12-31T00:00:00Z"))).isEqualTo(Long.MAX_VALUE);
    assertThat(RowIds.lowestAt(Instant.MAX)).isEqualTo(Long.MAX_VALUE);
    assertThat(RowIds.lowestAt(Instant.MIN)).isZero();
    assertThat(RowIds.lowestAt(Instant.parse("2092-01-01T00:00:00Z")))
        .isBetween(RowIds.lowestAt(Instant.parse("2091-01-01T00:00:00Z")), Long.MAX_VALUE - 1);
  }
}
