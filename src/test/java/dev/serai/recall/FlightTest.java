package dev.serai.recall;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.chat.Usage;
import dev.serai.recall.Flight.Landing;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlightTest {
  private static final Duration SECONDS = Duration.ofSeconds(10);
  private static final StoredAnswer ANSWER =
      new StoredAnswer(new byte[0], null, "openai", "gpt", Usage.NONE, 0L);

  private final Flight flight = new Flight("route");

  @Test
  void followers_get_the_answer_whether_it_is_kept_or_not() {
    flight.landed(ANSWER, false);

    assertThat(flight.await(SECONDS)).isEqualTo(new Landing.Whole(ANSWER));
    assertThat(flight).isCompletedWithValue(null);
  }

  @Test
  void followers_get_the_refusal() {
    Answer.Refusal refusal = new Answer.Refusal(400, new byte[0], null, "openai", "gpt");

    flight.refused(refusal);

    assertThat(flight.await(SECONDS)).isEqualTo(new Landing.Refused(refusal));
  }

  @Test
  void followers_get_the_failure() {
    IllegalStateException failure = new IllegalStateException("of the leader");

    flight.failed(failure);

    assertThatThrownBy(() -> flight.await(SECONDS)).isSameAs(failure);
    assertThat(flight).isCompletedWithValue(null);
  }

  @Test
  void a_stream_is_joined_before_its_end_and_its_breaking_keeps_nothing() {
    SharedStream stream =
        new SharedStream(new Events(List.of()), new Log(), new Kept(1000).each(100));

    flight.live(stream, "openai", "gpt");

    assertThat(flight.await(SECONDS)).isEqualTo(new Landing.Live(stream, "openai", "gpt"));
    assertThat(flight).isNotDone();
    flight.broke();
    assertThat(flight).isCompletedWithValue(null);
  }

  @Test
  void failing_after_the_landing_changes_nothing() {
    flight.landed(ANSWER, true);

    flight.failed(new IllegalStateException("too late"));

    assertThat(flight.await(SECONDS)).isEqualTo(new Landing.Whole(ANSWER));
    assertThat(flight).isCompletedWithValue(ANSWER);
  }

  @Test
  void waiting_ends_with_the_patience() {
    assertThat(flight.await(Duration.ofMillis(10))).isNull();
  }

  @Test
  void waiting_ends_with_an_interrupt_that_is_passed_on() throws Exception {
    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    Thread follower =
        Thread.ofVirtual()
            .start(
                () ->
                    interrupted.complete(
                        flight.await(SECONDS) == null && Thread.currentThread().isInterrupted()));

    follower.interrupt();

    assertThat(interrupted.get(10, TimeUnit.SECONDS)).isTrue();
  }
}
