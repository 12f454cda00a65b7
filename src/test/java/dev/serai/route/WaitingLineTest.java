package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.serai.route.WaitingLine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class WaitingLineTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final WaitingLine line = new WaitingLine();
  private final List<Long> order = new CopyOnWriteArrayList<>();

  @Test
  void gives_the_turn_to_who_came_first_and_not_to_who_was_quicker() throws Exception {
    line.await(0, LONG, 10);
    List<CompletableFuture<Thread>> waiters = List.of(waiter(3), waiter(1), waiter(2));
    for (CompletableFuture<Thread> waiter : waiters) {
      Thread thread = waiter.get();
      await().until(() -> thread.getState() == Thread.State.TIMED_WAITING);
    }

    line.handOn();

    await().untilAsserted(() -> assertThat(order).containsExactly(1L, 2L, 3L));
  }

  @Test
  void refuses_more_than_may_wait() throws Exception {
    line.await(0, LONG, 0);

    assertThat(line.await(1, LONG, 0)).isEqualTo(Outcome.FULL);
  }

  @Test
  void gives_up_when_the_time_is_over_and_keeps_no_place() throws Exception {
    line.await(0, LONG, 1);

    assertThat(line.await(1, Duration.ofMillis(10), 1)).isEqualTo(Outcome.TOO_LATE);

    line.handOn();
    assertThat(line.await(2, Duration.ZERO, 1)).isEqualTo(Outcome.TURN);
  }

  @Test
  void an_interrupted_waiter_keeps_no_place() throws Exception {
    line.await(0, LONG, 1);
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> line.await(1, LONG, 1)).isInstanceOf(InterruptedException.class);

    line.handOn();
    assertThat(line.await(2, Duration.ZERO, 1)).isEqualTo(Outcome.TURN);
  }

  private CompletableFuture<Thread> waiter(long since) {
    CompletableFuture<Thread> started = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              started.complete(Thread.currentThread());
              try {
                if (line.await(since, LONG, 10) == Outcome.TURN) {
                  order.add(since);
                  line.handOn();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    return started;
  }
}
