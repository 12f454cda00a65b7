package dev.serai.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxWatchTest {
  private static final Path NAME = Path.of("q.md");

  @TempDir Path inbox;

  private long now = Long.MAX_VALUE - 1_000;
  private final InboxWatch watch = new InboxWatch(Duration.ofMillis(500), () -> now);

  @Test
  void takes_a_file_that_was_still_for_long_enough() throws IOException {
    write("A question");

    assertThat(poll(Duration.ZERO)).isFalse();
    assertThat(poll(Duration.ofMillis(499))).isFalse();
    assertThat(poll(Duration.ofMillis(1))).isTrue();
  }

  @Test
  void takes_a_file_from_the_future() throws IOException {
    write("A question");
    Files.setLastModifiedTime(
        inbox.resolve(NAME), FileTime.from(Instant.now().plus(Duration.ofDays(400))));

    poll(Duration.ZERO);

    assertThat(poll(Duration.ofMillis(500))).isTrue();
  }

  @Test
  void waits_anew_after_each_change() throws IOException {
    write("A question");
    poll(Duration.ZERO);
    write("A question, and more");

    assertThat(poll(Duration.ofSeconds(5))).isFalse();
    assertThat(poll(Duration.ofMillis(500))).isTrue();
  }

  @Test
  void forgets_what_was_not_there_at_a_poll() throws IOException {
    write("A question");
    poll(Duration.ZERO);
    watch.newPoll();

    assertThat(poll(Duration.ofSeconds(5))).isFalse();
    assertThat(poll(Duration.ofMillis(500))).isTrue();
  }

  @Test
  void waits_twice_as_long_each_time_up_to_a_minute() throws IOException {
    write("A question");
    poll(Duration.ZERO);
    long seconds = 0;
    for (int i = 0; i < 8; i++) {
      assertThat(watch.later(file())).isEqualTo(i == 0);
      seconds = Math.min(64, seconds == 0 ? 1 : 2 * seconds);

      assertThat(poll(Duration.ofSeconds(seconds).minusNanos(1))).isFalse();
      assertThat(poll(Duration.ofNanos(1))).isTrue();
    }
  }

  @Test
  void leaves_a_file_alone_until_it_changes() throws IOException {
    write("A question");
    poll(Duration.ZERO);
    watch.untilChanged(file());
    assertThat(poll(Duration.ofDays(1))).isFalse();
    write("Another question");

    poll(Duration.ZERO);

    assertThat(poll(Duration.ofMillis(500))).isTrue();
  }

  @Test
  void knows_a_file_only_as_it_was_seen() throws IOException {
    write("A question");
    poll(Duration.ZERO);
    assertThat(watch.knows(file())).isTrue();

    write("Another question");

    assertThat(watch.knows(file())).isFalse();
    assertThat(watch.later(file())).isTrue();
  }

  private boolean poll(Duration after) {
    now += after.toNanos();
    watch.newPoll();
    Path path = inbox.resolve(NAME);
    return watch.ready(path, Objects.requireNonNull(FileState.of(path)));
  }

  private PromptFile file() {
    return new PromptFile(inbox, NAME);
  }

  private void write(String text) throws IOException {
    Files.writeString(inbox.resolve(NAME), text);
  }
}
