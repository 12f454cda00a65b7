package dev.serai.ledger;

import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A row on its way into the database and the thread that waits for it. */
final class Ticket implements NamedValues {
  private enum Fate {
    WAITING,
    COMMITTED,
    FAILED,
    REFUSED,
    ABANDONED
  }

  final OpenRow row;
  final Lost lost;
  private final long madeAt = System.nanoTime();
  private final Thread owner = Thread.currentThread();
  private final AtomicReference<Fate> fate = new AtomicReference<>(Fate.WAITING);
  private volatile String reason = "";
  private volatile @Nullable RuntimeException refusal;

  Ticket(OpenRow row, Lost lost) {
    this.row = row;
    this.lost = lost;
  }

  @Override
  public @Nullable Object value(String column) {
    return row.value(column);
  }

  /**
   * Blocks the thread that made the ticket until its row is committed, or throws. The wait has no
   * timer of its own, which would cost more than the wait: {@link #expire} ends it.
   */
  void await() {
    boolean interrupted = false;
    while (fate.get() == Fate.WAITING) {
      interrupted |= Thread.interrupted();
      if (interrupted) {
        fate.compareAndSet(Fate.WAITING, Fate.ABANDONED);
      } else {
        LockSupport.park(this);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    Fate decided = fate.get();
    RuntimeException refused = refusal;
    if (decided == Fate.REFUSED && refused != null) {
      throw refused;
    }
    if (decided == Fate.FAILED) {
      throw new LedgerUnavailableException("the ledger stored no row: " + reason);
    }
    if (decided == Fate.ABANDONED) {
      throw new LedgerUnavailableException(
          interrupted
              ? "interrupted while waiting for the ledger"
              : "the ledger did not store a row " + reason);
    }
  }

  /** Ends the wait of a ticket that was made before so long; first somebody is told. */
  void expire(long nanos, Runnable first) {
    if (fate.get() == Fate.WAITING && System.nanoTime() - madeAt >= nanos) {
      first.run();
      reason = "within " + nanos / 1_000_000 + " ms";
      decide(Fate.ABANDONED);
    }
  }

  boolean abandoned() {
    return fate.get() == Fate.ABANDONED;
  }

  /** The row is durable; false when nobody waits for it any more. */
  boolean committed() {
    return decide(Fate.COMMITTED);
  }

  /** It is not stored, for a reason that its owner is told. */
  void refused(RuntimeException why) {
    refusal = why;
    decide(Fate.REFUSED);
  }

  void failed(String why) {
    reason = why;
    decide(Fate.FAILED);
  }

  private boolean decide(Fate decided) {
    boolean waiting = fate.compareAndSet(Fate.WAITING, decided);
    if (waiting) {
      LockSupport.unpark(owner);
    }
    return waiting;
  }
}
