package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serai.ledger.BudgetRefusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitersTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final Waiters waiters = new Waiters(40);

  private static BudgetRefusal reserved(long period) {
    return new BudgetRefusal(period, 100, 0, 100, 10);
  }

  private List<Boolean> waits(List<Waiters.Wait> open, long... periods) {
    List<Boolean> in = new ArrayList<>();
    for (long period : periods) {
      Waiters.Wait wait = waiters.of(LONG);
      open.add(wait);
      in.add(wait.forRoom(reserved(period)));
    }
    return in;
  }

  /** A tenth of 40 in all, half of that for one. */
  @Test
  void only_some_may_wait_at_once_and_fewer_for_one_budget() {
    List<Waiters.Wait> open = new ArrayList<>();

    assertThat(waits(open, 1, 1, 1, 2, 3, 4)).containsExactly(true, true, false, true, true, false);
    assertThat(open.getFirst().forRoom(reserved(1))).isTrue();

    open.forEach(Waiters.Wait::close);
    open.forEach(Waiters.Wait::close);
    assertThat(waits(open, 1, 1, 1, 2, 3, 4)).containsExactly(true, true, false, true, true, false);
  }

  @Test
  void there_is_no_waiting_for_what_does_not_come_nor_beyond_patience() {
    assertThat(waiters.of(LONG).forRoom(new BudgetRefusal(1, 100, 95, 5, 10))).isFalse();
    assertThat(waiters.of(Duration.ZERO).forRoom(reserved(1))).isFalse();
    assertThat(waits(new ArrayList<>(), 1, 1)).containsExactly(true, true);
  }
}
