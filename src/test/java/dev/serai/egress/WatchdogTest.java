package dev.serai.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.chat.Failure.Timeout.Phase;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchdogTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Watchdog watchdog = new Watchdog();
  private final AtomicInteger cancelled = new AtomicInteger();

  @AfterEach
  void close() {
    watchdog.close();
  }

  @Test
  void cancels_once_when_the_time_is_up() {
    Watchdog.Watch watch = watchdog.watch(cancelled::incrementAndGet);

    watch.expect(Phase.FIRST_BYTE, Duration.ofMillis(20));

    await().untilAtomic(cancelled, org.hamcrest.Matchers.is(1));
    assertThat(watch.fired()).isEqualTo(Phase.FIRST_BYTE);
    watch.expect(Phase.BETWEEN_BYTES, Duration.ofMillis(1));
    assertThat(watch.fired()).isEqualTo(Phase.FIRST_BYTE);
  }

  @Test
  void a_later_deadline_takes_the_place_of_an_earlier_one() throws Exception {
    Watchdog.Watch watch = watchdog.watch(cancelled::incrementAndGet);
    watch.expect(Phase.FIRST_BYTE, Duration.ofMillis(30));

    watch.expect(Phase.BETWEEN_BYTES, LONG);

    assertThat(new CountDownLatch(1).await(120, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(cancelled).hasValue(0);
    assertThat(watch.fired()).isNull();
  }

  @Test
  void an_earlier_deadline_takes_the_place_of_a_later_one() {
    Watchdog.Watch watch = watchdog.watch(cancelled::incrementAndGet);
    watch.expect(Phase.FIRST_BYTE, LONG);

    watch.expect(Phase.BETWEEN_BYTES, Duration.ofMillis(10));

    await().untilAtomic(cancelled, org.hamcrest.Matchers.is(1));
    assertThat(watch.fired()).isEqualTo(Phase.BETWEEN_BYTES);
  }

  @Test
  void a_watch_that_is_over_cancels_nothing() throws Exception {
    Watchdog.Watch watch = watchdog.watch(cancelled::incrementAndGet);
    watch.expect(Phase.FIRST_BYTE, Duration.ofMillis(30));

    watch.close();

    assertThat(new CountDownLatch(1).await(120, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(cancelled).hasValue(0);
  }
}
