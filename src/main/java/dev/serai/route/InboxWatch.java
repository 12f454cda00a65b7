package dev.serai.route;

import dev.serai.catalog.GatewayProperties;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.stereotype.Component;

/**
 * Remembers how the files of the inbox looked at the previous polls, and which of them are left for
 * later. Time is the poller's own; what a file says about its age does not matter. What was not
 * seen during a whole poll is forgotten, and no more than 100,000 files are remembered: the others
 * wait.
 */
@Component
final class InboxWatch {

  private static final int MOST = 100_000;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(1);
  private static final int DOUBLINGS = 6;

  private final Map<Path, Note> notes = new HashMap<>();
  private final long settleNanos;
  private final LongSupplier nanos;
  private long poll;

  private static final class Note {
    final FileState state;
    final long since;
    long poll;
    long notBefore;
    int delays;
    boolean leftAlone;

    Note(FileState state, long now, long poll) {
      this.state = state;
      this.since = now;
      this.notBefore = now;
      this.poll = poll;
    }
  }

  @Autowired
  InboxWatch(GatewayProperties settings) {
    this(settings.files().settle(), System::nanoTime);
  }

  InboxWatch(Duration settle, LongSupplier nanos) {
    this.settleNanos = settle.toNanos();
    this.nanos = nanos;
  }

  /** Another look through the inbox begins. */
  synchronized void newPoll() {
    notes.values().removeIf(note -> note.poll != poll);
    poll++;
  }

  /**
   * Whether a file may be taken: it looks as it did at an earlier poll, at least {@code
   * serai.files.settle} ago, and is not left for later.
   */
  synchronized boolean ready(Path path, FileState state) {
    long now = nanos.getAsLong();
    Note note = notes.get(path);
    if (note == null || !note.state.equals(state)) {
      if (note != null || notes.size() < MOST) {
        notes.put(path, new Note(state, now, poll));
      }
      return false;
    }
    note.poll = poll;
    return !note.leftAlone && now - note.since >= settleNanos && now - note.notBefore >= 0;
  }

  /** Whether the file is the one that was found ready. */
  synchronized boolean knows(PromptFile file) {
    return note(file) != null;
  }

  /** Leaves the file for this long. */
  synchronized void later(PromptFile file, Duration delay) {
    Note note = note(file);
    if (note != null) {
      note.notBefore = nanos.getAsLong() + delay.toNanos();
    }
  }

  /**
   * Leaves the file for a second, and each further time for twice as long, up to 64 seconds.
   *
   * @return whether it was the first time
   */
  synchronized boolean later(PromptFile file) {
    Note note = note(file);
    if (note == null) {
      return true;
    }
    later(file, FIRST_DELAY.multipliedBy(1L << Math.min(DOUBLINGS, note.delays)));
    note.delays++;
    return note.delays == 1;
  }

  /** Leaves the file alone until it is another one. */
  synchronized void untilChanged(PromptFile file) {
    Note note = note(file);
    if (note != null) {
      note.leftAlone = true;
    }
  }

  private @Nullable Note note(PromptFile file) {
    Note note = notes.get(file.path());
    return note != null && note.state.equals(file.state()) ? note : null;
  }
}
