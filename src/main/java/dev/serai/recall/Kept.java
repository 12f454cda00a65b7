package dev.serai.recall;

import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of events one stream may keep, and all streams together. */
public final class Kept {

  private final AtomicLong together;
  private final long mostTogether;
  private final long most;

  /** A bound for all streams, of which {@link #each} gives each its own. */
  public Kept(long mostTogether) {
    this(new AtomicLong(), mostTogether, 0);
  }

  private Kept(AtomicLong together, long mostTogether, long most) {
    this.together = together;
    this.mostTogether = mostTogether;
    this.most = most;
  }

  /** The bound of one stream, which shares the bound of all. */
  public Kept each(long mostOfOne) {
    return new Kept(together, mostTogether, mostOfOne);
  }

  void add(long bytes) {
    together.addAndGet(bytes);
  }

  void remove(long bytes) {
    together.addAndGet(-bytes);
  }

  boolean exceeded(long ofThisOne) {
    return ofThisOne > most || together.get() > mostTogether;
  }
}
