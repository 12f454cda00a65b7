package dev.serai.recall;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedStreamTest {
  private final Events source = new Events(List.of());
  private final Log log = new Log();
  private final SharedStream stream = new SharedStream(source, log, new Kept(10_000).each(1000));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  @Test
  void a_late_reader_gets_everything_from_the_first_event() throws Exception {
    source.give("a", "b", "done");
    SharedStream.Reader first = join(stream);
    assertThat(text(first.next())).isEqualTo("a");
    assertThat(text(first.next())).isEqualTo("b");

    SharedStream.Reader late = join(stream);

    assertThat(Events.rest(late)).containsExactly("a", "b", "done");
    assertThat(Events.rest(first)).containsExactly("done");
    assertThat(log.lines).containsExactly("a", "b", "done", "ended after 3");
    assertThat(source.finished).isTrue();
  }

  @Test
  void one_can_still_join_when_it_is_over() {
    source.give("a", "done");
    assertThat(Events.rest(join(stream))).hasSize(2);

    assertThat(Events.rest(join(stream))).containsExactly("a", "done");
  }

  @Test
  void a_slow_reader_holds_nobody_up() throws Exception {
    SharedStream.Reader slow = join(stream);
    SharedStream.Reader fast = join(stream);
    source.give("a", "b", "c", "done");

    assertThat(Events.rest(fast)).containsExactly("a", "b", "c", "done");
    assertThat(Events.rest(slow)).containsExactly("a", "b", "c", "done");
  }

  @Test
  void whoever_waits_is_woken_by_whoever_pulls() throws Exception {
    SharedStream.Reader one = join(stream);
    SharedStream.Reader two = join(stream);
    Future<List<String>> first = threads.submit(() -> Events.rest(one));
    Future<List<String>> second = threads.submit(() -> Events.rest(two));
    await().atMost(Events.PATIENCE).until(() -> source.waiting);

    source.give("a", "b");
    source.end();

    assertThat(first.get(10, TimeUnit.SECONDS)).containsExactly("a", "b");
    assertThat(second.get(10, TimeUnit.SECONDS)).containsExactly("a", "b");
    assertThat(log.lines).containsExactly("a", "b", "ended after 2");
  }

  @Test
  void a_break_half_way_reaches_all() throws Exception {
    SharedStream.Reader one = join(stream);
    SharedStream.Reader two = join(stream);
    source.give("a");
    source.breakOff();

    assertThat(Events.rest(one)).containsExactly("a", "! network");
    assertThat(Events.rest(two)).containsExactly("a", "! network");
    assertThat(stream.join()).isNull();
    assertThat(log.lines).containsExactly("a", "broke: network");
  }

  @Test
  void an_event_that_says_it_failed_is_not_passed_on_and_ends_the_call() {
    SharedStream.Reader reader = join(stream);
    source.give("a", "error", "more");

    assertThat(Events.rest(reader)).containsExactly("a", "! server_error");
    assertThat(log.lines).containsExactly("a", "error", "broke: server_error");
    assertThat(source.cancelled).isTrue();
  }

  @Test
  void an_end_that_comes_too_early_is_a_failure() {
    SharedStream.Reader reader = join(stream);
    log.tooEarly = true;
    source.give("a");
    source.end();

    assertThat(Events.rest(reader)).containsExactly("a", "! network");
  }

  @Test
  void one_who_leaves_does_not_end_it_for_the_others() {
    SharedStream.Reader leaving = join(stream);
    SharedStream.Reader staying = join(stream);
    source.give("a", "done");

    leaving.close();

    assertThat(Events.rest(staying)).containsExactly("a", "done");
    assertThat(source.cancelled).isFalse();
  }

  @Test
  void the_last_one_who_leaves_cancels_the_call_and_that_is_told_once() {
    SharedStream.Reader reader = join(stream);
    source.give("a");
    assertThat(text(reader.next())).isEqualTo("a");

    reader.close();
    reader.close();

    assertThat(source.cancelled).isTrue();
    assertThat(log.lines).containsExactly("a", "broke: client_gone");
    assertThat(stream.join()).isNull();
  }

  @Test
  void leaving_while_waiting_cancels_the_call() throws Exception {
    SharedStream.Reader reader = join(stream);
    Future<List<String>> waiting = threads.submit(() -> Events.rest(reader));
    await().atMost(Events.PATIENCE).until(() -> source.waiting);

    reader.close();

    assertThat(waiting.get(10, TimeUnit.SECONDS)).containsExactly("! client_gone");
    assertThat(log.lines).containsExactly("broke: client_gone");
  }

  @Test
  void leaving_while_an_event_is_on_its_way_is_told_too() {
    SharedStream.Reader reader = join(stream);
    log.onEvent = reader::close;
    source.give("late");

    assertThat(text(reader.next())).isEqualTo("late");

    assertThat(log.lines).containsExactly("late", "broke: client_gone");
    assertThat(source.cancelled).isTrue();
  }

  @Test
  void leaving_after_the_end_cancels_nothing() {
    SharedStream.Reader reader = join(stream);
    source.give("a", "done");
    Events.rest(reader);

    reader.close();

    assertThat(source.cancelled).isFalse();
    assertThat(log.lines).containsExactly("a", "done", "ended after 2");
  }

  @Test
  void beyond_the_bound_events_are_dropped_once_all_have_seen_them() {
    SharedStream small = new SharedStream(source, log, new Kept(10_000).each(3));
    SharedStream.Reader fast = join(small);
    SharedStream.Reader slow = join(small);
    source.give("aa", "bb", "cc", "done");

    assertThat(Events.rest(fast)).containsExactly("aa", "bb", "cc", "done");
    assertThat(small.join()).as("while one has seen nothing").isNotNull();
    assertThat(Events.rest(slow)).containsExactly("aa", "bb", "cc", "done");
  }

  @Test
  void beyond_the_bound_nobody_can_join_and_nothing_is_kept() {
    SharedStream small = new SharedStream(source, log, new Kept(10_000).each(3));
    SharedStream.Reader reader = join(small);
    source.give("aa", "bb", "cc", "done");
    assertThat(text(reader.next())).isEqualTo("aa");
    assertThat(text(reader.next())).isEqualTo("bb");

    assertThat(small.join()).isNull();
    assertThat(Events.rest(reader)).containsExactly("cc", "done");
    assertThat(log.lines).endsWith("ended, not kept");
  }

  private static SharedStream.Reader join(SharedStream stream) {
    return Objects.requireNonNull(stream.join());
  }

  private static String text(byte @Nullable [] event) {
    return new String(Objects.requireNonNull(event), UTF_8);
  }

  @Test
  void a_defect_of_the_observer_leaves_nobody_waiting() {
    SharedStream.Reader first = join(stream);
    SharedStream.Reader second = join(stream);
    log.onEvent =
        () -> {
          throw new IllegalStateException("the journal is gone");
        };
    source.give("a");

    assertThat(Events.rest(first)).containsExactly("! unreadable");

    assertThat(Events.rest(second)).containsExactly("! unreadable");
    assertThat(source.cancelled).isTrue();
  }

  @Test
  void many_streams_together_keep_no_more_than_is_allowed() {
    Kept few = new Kept(4);
    SharedStream one = new SharedStream(source, log, few.each(1000));
    SharedStream.Reader reader = join(one);
    source.give("aaa", "bbb");
    reader.next();

    reader.next();

    assertThat(one.join()).as("too much is kept, so the past is gone").isNull();
  }
}
