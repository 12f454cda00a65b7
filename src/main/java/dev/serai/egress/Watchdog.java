package dev.serai.egress;

import dev.serai.chat.Failure.Timeout.Phase;
import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Cancels calls whose time is up. One thread serves all of them. */
public final class Watchdog implements AutoCloseable {

  private final ScheduledThreadPoolExecutor timer;

  /** Starts the thread. */
  public Watchdog() {
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "upstream-watchdog");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
  }

  /** Watches a call: {@code cancel} runs once when no {@link Watch#expect} was met in time. */
  Watch watch(Runnable cancel) {
    return new Watch(cancel);
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** The deadline of one call. Moved by the reading thread, checked by the watchdog's. */
  final class Watch implements AutoCloseable {
    private final Runnable cancel;
    private volatile long deadlineNanos;
    private volatile boolean paused = true;
    private volatile Phase phase = Phase.CONNECT;
    private volatile @Nullable Phase fired;
    private volatile long lastWithinNanos;
    private volatile long checkAtNanos;
    private volatile @Nullable ScheduledFuture<?> check;
    private boolean closed;

    private Watch(Runnable cancel) {
      this.cancel = cancel;
    }

    /**
     * From now on the call has {@code within} for {@code what}. A later deadline costs no timer:
     * the check that is already set finds it and sets itself anew.
     */
    void expect(Phase what, Duration within) {
      long nanos = within.toNanos();
      long deadline = System.nanoTime() + nanos;
      phase = what;
      lastWithinNanos = nanos;
      deadlineNanos = deadline;
      paused = false;
      if (check == null || deadline - checkAtNanos < 0) {
        arm(deadline);
      }
    }

    /** Nothing is being waited for: what takes its time now is not the target. */
    void pause() {
      paused = true;
    }

    /** What the call was waiting for when its time ran out; null while it has not. */
    @Nullable Phase fired() {
      return fired;
    }

    private synchronized void arm(long at) {
      if (closed) {
        return;
      }
      if (check != null) {
        check.cancel(false);
      }
      checkAtNanos = at;
      check =
          timer.schedule(this::check, Math.max(0, at - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private void check() {
      synchronized (this) {
        if (closed) {
          return;
        }
        long now = System.nanoTime();
        if (paused || deadlineNanos - now > 0) {
          arm(paused ? now + lastWithinNanos : deadlineNanos);
          return;
        }
        closed = true;
        fired = phase;
      }
      cancel.run();
    }

    @Override
    public synchronized void close() {
      closed = true;
      if (check != null) {
        check.cancel(false);
      }
    }
  }
}
