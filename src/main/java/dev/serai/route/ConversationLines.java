package dev.serai.route;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;

/** Lets the requests of one conversation through one at a time, in the order they came. */
final class ConversationLines {

  private final ConcurrentHashMap<Key, Line> lines = new ConcurrentHashMap<>();
  private final int queue;

  private record Key(String tenant, String conversation) {}

  /**
   * One conversation's line.
   *
   * @param users who stand in it, the one in front included
   */
  private record Line(Admission place, int users) {
    Line with(int more) {
      return new Line(place, users + more);
    }
  }

  /** Makes the lines; in each of them {@code queue} requests may wait. */
  ConversationLines(int queue) {
    this.queue = queue;
  }

  /**
   * Waits until nobody else is at it.
   *
   * @return false when the line is full or the time went by: then there is nothing to leave
   */
  boolean enter(String tenant, String conversation, Duration atMost) {
    Key key = new Key(tenant, conversation);
    Line line =
        lines.compute(
            key,
            (same, there) ->
                (there == null ? new Line(new Admission(1, queue), 0) : there).with(1));
    boolean entered = line.place().enter(atMost);
    if (!entered) {
      forget(key);
    }
    return entered;
  }

  /** Lets the next one in. */
  void leave(String tenant, String conversation) {
    Key key = new Key(tenant, conversation);
    Line line = lines.get(key);
    if (line != null) {
      line.place().leave();
      forget(key);
    }
  }

  private void forget(Key key) {
    lines.computeIfPresent(key, (same, line) -> line.users() == 1 ? null : line.with(-1));
  }

  /** How many conversations somebody is at. */
  int size() {
    return lines.size();
  }
}
