package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdmissionTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void lets_in_as_many_as_there_are_places() {
    Admission two = new Admission(2, 0);

    assertThat(two.enter(LONG)).isTrue();
    assertThat(two.enter(LONG)).isTrue();
    assertThat(two.enter(LONG)).isFalse();
    two.leave();
    assertThat(two.enter(LONG)).isTrue();
  }

  @Test
  void turns_away_at_once_when_the_queue_is_full() throws Exception {
    Admission one = new Admission(1, 1);
    one.enter(LONG);
    Future<Boolean> waiting = threads.submit(() -> one.enter(LONG));
    await().until(() -> one.waiting() == 1);

    assertThat(one.enter(LONG)).isFalse();

    one.leave();
    assertThat(waiting.get(10, TimeUnit.SECONDS)).isTrue();
    assertThat(one.waiting()).isZero();
  }

  @Test
  void gives_up_after_the_patience() {
    Admission one = new Admission(1, 5);
    one.enter(LONG);

    assertThat(one.enter(Duration.ofMillis(20))).isFalse();
    assertThat(one.enter(Duration.ofMillis(-1))).isFalse();
    assertThat(one.waiting()).isZero();
  }

  @Test
  void gives_places_in_the_order_of_coming() {
    Admission one = new Admission(1, 10);
    one.enter(LONG);
    List<Integer> order = new CopyOnWriteArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      threads.execute(
          () -> {
            one.enter(LONG);
            order.add(number);
            one.leave();
          });
      await().until(() -> one.waiting() == number + 1);
    }

    one.leave();

    await().until(() -> order.size() == 5);
    assertThat(order).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void is_never_overrun() {
    Admission three = new Admission(3, 1000);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 500; i++) {
        crowd.execute(
            () -> {
              if (three.enter(LONG)) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                LockSupport.parkNanos(100_000);
                inside.decrementAndGet();
                three.leave();
              }
            });
      }
    }

    assertThat(most.get()).isBetween(1, 3);
  }

  @Test
  void an_interrupt_ends_the_waiting() throws Exception {
    Admission one = new Admission(1, 5);
    one.enter(LONG);
    Future<Boolean> waiting = threads.submit(() -> one.enter(LONG));
    await().until(() -> one.waiting() == 1);

    threads.shutdownNow();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isFalse();
    assertThat(one.waiting()).isZero();
  }
}
