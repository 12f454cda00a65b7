package dev.serai.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serai.limit.FairLine.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FairLineTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<String> order = new CopyOnWriteArrayList<>();
  private int arrivals;

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Gets in line; notes who got the place, and leaves it at once. */
  private Future<Outcome> waiter(FairLine line, String tenant, boolean interactive) {
    long since = ++arrivals;
    return threads.submit(
        () -> {
          Outcome how = line.enter(tenant, interactive, since, LONG);
          if (how == Outcome.IN) {
            order.add(tenant);
            line.leave();
          }
          return how;
        });
  }

  /** As many, and waits until they are in line. */
  private List<Future<Outcome>> waiters(int count, FairLine line, String tenant, boolean http) {
    int before = line.waiting();
    List<Future<Outcome>> outcomes =
        IntStream.range(0, count).mapToObj(i -> waiter(line, tenant, http)).toList();
    await().until(() -> line.waiting() == before + count);
    return outcomes;
  }

  private static FairLine taken(int queue, int perTenant) {
    FairLine line = new FairLine(1, queue, perTenant);
    line.enter("first", true, 0, LONG);
    return line;
  }

  @Test
  void lets_in_as_many_as_there_are_places() {
    FairLine two = new FairLine(2, 0, 0);

    assertThat(two.enter("a", true, 0, LONG)).isEqualTo(Outcome.IN);
    assertThat(two.enter("a", true, 0, LONG)).isEqualTo(Outcome.IN);
    assertThat(two.enter("a", true, 0, LONG)).isEqualTo(Outcome.FULL);
    two.leave();
    assertThat(two.enter("a", true, 0, LONG)).isEqualTo(Outcome.IN);
  }

  @Test
  void the_next_place_goes_to_the_tenant_that_has_waited_for_a_turn() {
    FairLine line = taken(1000, 1000);
    waiters(500, line, "flood", true);
    waiters(1, line, "guest", true);

    line.leave();

    await().until(() -> order.size() == 501);
    assertThat(order.indexOf("guest")).isEqualTo(1);
  }

  @Test
  void whoever_came_first_goes_first_among_those_of_a_tenant() throws Exception {
    FairLine line = taken(10, 10);
    List<Long> came = new CopyOnWriteArrayList<>();
    for (long since : new long[] {3, 1, 2}) {
      int before = line.waiting();
      threads.execute(
          () -> {
            line.enter("a", true, since, LONG);
            came.add(since);
            line.leave();
          });
      await().until(() -> line.waiting() == before + 1);
    }

    line.leave();

    await().until(() -> came.size() == 3);
    assertThat(came).containsExactly(1L, 2L, 3L);
  }

  @Test
  void who_sits_and_waits_goes_first_but_not_for_ever() {
    FairLine line = taken(1000, 1000);
    waiters(3, line, "files", false);
    waiters(30, line, "people", true);

    line.leave();

    await().until(() -> order.size() == 33);
    assertThat(order.subList(0, 7)).containsOnly("people");
    assertThat(order.subList(7, 24)).filteredOn("files"::equals).hasSize(3);
  }

  @Test
  void one_tenant_waits_with_so_many_at_most() {
    FairLine line = taken(10, 2);
    waiters(2, line, "a", true);

    assertThat(line.enter("a", true, 9, LONG)).isEqualTo(Outcome.FULL);
    waiters(1, line, "b", true);
    assertThat(line.waiting()).isEqualTo(3);
  }

  @Test
  void in_a_full_line_the_last_of_the_longest_makes_room() throws Exception {
    FairLine line = taken(3, 3);
    List<Future<Outcome>> flood = waiters(3, line, "a", true);

    Future<Outcome> guest = waiter(line, "b", true);

    assertThat(flood.get(2).get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.FULL);
    assertThat(line.waiting()).isEqualTo(3);
    assertThat(line.enter("a", true, 9, LONG)).isEqualTo(Outcome.FULL);
    line.leave();
    assertThat(guest.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.IN);
    assertThat(flood.getFirst().get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.IN);
  }

  @Test
  void gives_up_after_the_patience_and_keeps_no_place() {
    FairLine line = taken(5, 5);

    assertThat(line.enter("a", true, 0, Duration.ofMillis(20))).isEqualTo(Outcome.TOO_LATE);
    assertThat(line.enter("a", true, 0, Duration.ofMillis(-1))).isEqualTo(Outcome.TOO_LATE);
    assertThat(line.waiting()).isZero();
    line.leave();
    assertThat(line.enter("a", true, 0, Duration.ZERO)).isEqualTo(Outcome.IN);
  }

  @Test
  void an_interrupt_ends_the_waiting() throws Exception {
    FairLine line = taken(5, 5);
    Future<Outcome> waiting = waiters(1, line, "a", true).getFirst();

    threads.shutdownNow();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.TOO_LATE);
    assertThat(line.waiting()).isZero();
  }

  @Test
  void more_places_let_more_in_and_fewer_turn_nobody_out() throws Exception {
    FairLine line = taken(5, 5);
    Future<Outcome> waiting = waiters(1, line, "a", true).getFirst();

    line.places(2);

    assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(Outcome.IN);
    line.places(1);
    assertThat(line.enter("a", true, 9, Duration.ZERO)).isEqualTo(Outcome.TOO_LATE);
  }

  @Test
  void is_never_overrun_and_loses_nobody() {
    FairLine three = new FairLine(3, 1000, 1000);
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    AtomicInteger served = new AtomicInteger();
    try (ExecutorService crowd = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 900; i++) {
        String tenant = "t" + i % 7;
        boolean interactive = i % 3 > 0;
        crowd.execute(
            () -> {
              if (three.enter(tenant, interactive, 0, LONG) == Outcome.IN) {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                LockSupport.parkNanos(50_000);
                inside.decrementAndGet();
                served.incrementAndGet();
                three.leave();
              }
            });
      }
    }

    assertThat(most.get()).isBetween(1, 3);
    assertThat(served.get()).isEqualTo(900);
    assertThat(three.waiting()).isZero();
  }
}
