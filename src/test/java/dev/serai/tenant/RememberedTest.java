package dev.serai.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RememberedTest {
  private final ChangeMarks marks = new ChangeMarks(Duration.ofHours(2));
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final CountDownLatch reading = new CountDownLatch(1);
  private final CountDownLatch held = new CountDownLatch(1);
  private volatile @Nullable String stored = "valid";
  private volatile boolean slow;
  private volatile boolean away;

  private final Remembered<String> remembered =
      new Remembered<>(marks, this::source, (name, found) -> List.of(name), nanos::get);

  private @Nullable String source(String name) {
    asked.incrementAndGet();
    if (away) {
      throw new IllegalStateException("away");
    }
    String read = stored;
    if (slow) {
      slow = false;
      reading.countDown();
      try {
        assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
    return read;
  }

  /** Lets minutes pass: the first look-up counts from when the cache has put it away. */
  private void untilItIsRenewed(BooleanSupplier begun) {
    await()
        .until(
            () -> {
              nanos.addAndGet(Duration.ofSeconds(61).toNanos());
              assertThat(remembered.find("k")).as("nobody waits for that").isEqualTo("valid");
              return begun.getAsBoolean();
            });
  }

  private CompletableFuture<@Nullable String> beside() {
    CompletableFuture<@Nullable String> found = new CompletableFuture<>();
    Thread.ofVirtual().start(() -> found.complete(remembered.find("k")));
    return found;
  }

  @Test
  void what_is_revoked_while_it_is_being_read_is_neither_used_nor_kept() throws Exception {
    slow = true;
    CompletableFuture<@Nullable String> caller = beside();
    assertThat(reading.await(10, TimeUnit.SECONDS)).isTrue();

    stored = null;
    marks.mark("k");
    held.countDown();

    assertThat(caller.get(10, TimeUnit.SECONDS)).isNull();
    assertThat(remembered.find("k")).isNull();
  }

  @Test
  void what_is_revoked_while_it_is_being_renewed_is_not_put_back() throws Exception {
    remembered.find("k");
    slow = true;
    untilItIsRenewed(() -> reading.getCount() == 0);

    stored = null;
    marks.mark("k");
    assertThat(remembered.find("k")).isNull();
    held.countDown();

    for (int i = 0; i < 200; i++) {
      assertThat(remembered.find("k")).isNull();
      TimeUnit.MILLISECONDS.sleep(1);
    }
  }

  @Test
  void is_looked_up_once_for_all_who_ask() {
    List<String> found =
        IntStream.range(0, 100).parallel().mapToObj(i -> remembered.find("k")).toList();

    assertThat(found).hasSize(100).containsOnly("valid");
    assertThat(asked).hasValue(1);
  }

  @Test
  void is_looked_up_again_when_it_or_everything_changed_and_only_then() {
    remembered.find("k");
    marks.mark("other");
    remembered.find("k");
    assertThat(asked).hasValue(1);

    marks.mark("k");
    remembered.find("k");
    remembered.find("k");
    assertThat(asked).hasValue(2);

    marks.markAll();
    remembered.find("k");
    assertThat(asked).hasValue(3);
  }

  @Test
  void what_does_not_exist_is_remembered_too_but_briefly() {
    stored = null;
    remembered.find("k");
    remembered.find("k");
    assertThat(asked).hasValue(1);

    nanos.addAndGet(Duration.ofSeconds(6).toNanos());
    remembered.find("k");

    assertThat(asked).hasValue(2);
  }

  @Test
  void is_renewed_beside_the_calls_and_serves_on_when_that_fails() {
    remembered.find("k");
    away = true;
    untilItIsRenewed(() -> asked.get() > 1);
    assertThat(remembered.find("k")).isEqualTo("valid");

    marks.mark("k");
    assertThatThrownBy(() -> remembered.find("k")).hasMessageContaining("away");
  }

  @Test
  void keeps_no_more_than_it_may() {
    stored = null;
    IntStream.range(0, 20_000).forEach(i -> remembered.find("unknown " + i));
    remembered.cache().cleanUp();

    assertThat(remembered.cache().estimatedSize()).isLessThanOrEqualTo(5_000);
  }
}
