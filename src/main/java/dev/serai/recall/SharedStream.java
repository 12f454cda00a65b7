package dev.serai.recall;

import dev.serai.chat.Failure;
import dev.serai.egress.EventSource;
import dev.serai.egress.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One streamed answer and all who read it. Whoever needs the next event first pulls it from the
 * target for everybody; there is no thread of its own. The call is cancelled when the last reader
 * has left.
 */
public final class SharedStream {

  /** Sees every event once, before any reader does, on the thread that pulled it. */
  public interface Observer {
    /**
     * An event came; true when it is the last one.
     *
     * @throws UpstreamException when the event says that the stream has failed
     */
    boolean event(byte[] event);

    /**
     * The stream ended; {@code events} are all of it, or null when they were too many to keep.
     *
     * @throws UpstreamException when it ended too early
     */
    void ended(@Nullable List<byte[]> events);

    /** The stream broke, stalled, or everybody left. */
    void broke(UpstreamException failure);
  }

  private static final Logger LOG = LoggerFactory.getLogger(SharedStream.class);
  private static final byte[] NOTHING = {};

  private final EventSource source;
  private final Observer observer;
  private final Kept kept;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<byte[]> events = new ArrayList<>();
  private final List<Reader> readers = new ArrayList<>();
  private long keptBytes;
  private int firstKept;
  private boolean pulling;
  private boolean over;
  private boolean finished;
  private @Nullable UpstreamException failure;

  /**
   * Wraps a live stream.
   *
   * @param kept within it all events are kept, for late readers and for the cache; beyond, events
   *     that every reader has seen are dropped and nobody can join
   */
  public SharedStream(EventSource source, Observer observer, Kept kept) {
    this.source = source;
    this.observer = observer;
    this.kept = kept;
  }

  /** A new reader from the first event on; null when it is too late to join. */
  public @Nullable Reader join() {
    lock.lock();
    try {
      if (firstKept > 0 || failure != null) {
        return null;
      }
      Reader reader = new Reader();
      readers.add(reader);
      return reader;
    } finally {
      lock.unlock();
    }
  }

  /** One reader. Its {@link #next} is for one thread; {@link #close} for any. */
  public final class Reader implements AutoCloseable {
    private int index;

    private Reader() {}

    /**
     * The next event; waits for it. Null at the end.
     *
     * @throws UpstreamException when the stream broke
     */
    public byte @Nullable [] next() {
      lock.lock();
      try {
        while (index >= events.size()) {
          if (failure != null) {
            throw failure;
          }
          if (over) {
            finish();
            return null;
          }
          if (pulling) {
            changed.awaitUninterruptibly();
          } else {
            pull();
          }
        }
        byte[] event = events.get(index++);
        dropSeen();
        return event;
      } finally {
        lock.unlock();
      }
    }

    /** Whether {@link #next} would not wait. */
    public boolean ready() {
      lock.lock();
      try {
        return index < events.size() || (!over && failure == null && !pulling && source.ready());
      } finally {
        lock.unlock();
      }
    }

    /** Leaves. The last one to leave before the end cancels the call. */
    @Override
    public void close() {
      leave(gone());
    }

    /**
     * Leaves for a reason of one's own, by which the observer is told should the call be cancelled.
     * Not while another thread is in {@link #next}.
     */
    public void leave(UpstreamException reason) {
      boolean cancel;
      boolean report;
      lock.lock();
      try {
        finish();
        cancel = readers.remove(this) && readers.isEmpty() && !over && failure == null;
        report = cancel && !pulling;
        if (report) {
          failure = reason;
        }
      } finally {
        lock.unlock();
      }
      if (cancel) {
        source.cancel();
      }
      if (report) {
        observer.broke(reason);
      }
    }
  }

  /**
   * After the last event: lets the target go, once, without keeping that event from its readers.
   */
  private void finish() {
    if (!over || finished) {
      return;
    }
    finished = true;
    lock.unlock();
    try {
      source.finish();
    } finally {
      lock.lock();
    }
  }

  private static UpstreamException gone() {
    return new UpstreamException(new Failure.ClientGone(), true);
  }

  /** Fetches one event with the lock released, so that readers can leave meanwhile. */
  private void pull() {
    pulling = true;
    try {
      pullOne();
    } catch (RuntimeException e) {
      // A defect of ours, or the journal is gone: nobody may wait for a stream that is not read.
      LOG.error("stream given up class={}", e.getClass().getName());
      failure = new UpstreamException(new Failure.Unreadable("internal"), true);
      source.cancel();
    } finally {
      pulling = false;
      changed.signalAll();
    }
  }

  private void pullOne() {
    byte[] event = null;
    boolean last = true;
    UpstreamException broken = null;
    lock.unlock();
    try {
      event = source.next();
      last = event == null || observer.event(event);
    } catch (UpstreamException e) {
      broken = e;
      if (event != null) {
        // The event says that the target has failed; readers are told so in the gateway's words.
        event = null;
        source.cancel();
      }
    } finally {
      lock.lock();
    }
    if (broken == null && !last && readers.isEmpty()) {
      broken = gone();
    }
    if (broken == null && !last) {
      keep(event);
    } else {
      end(event, broken);
    }
  }

  /**
   * Tells the observer before any reader sees the last event: what is paid is written down first.
   */
  private void end(byte @Nullable [] last, @Nullable UpstreamException broken) {
    List<byte[]> all = firstKept > 0 ? null : new ArrayList<>(events);
    if (all != null && last != null) {
      all.add(last);
    }
    UpstreamException outcome = broken;
    lock.unlock();
    try {
      if (broken != null) {
        observer.broke(broken);
      } else {
        observer.ended(all);
      }
    } catch (UpstreamException e) {
      outcome = e;
    } finally {
      lock.lock();
    }
    keep(last);
    failure = outcome;
    over = outcome == null;
    kept.remove(keptBytes);
    keptBytes = 0;
  }

  private void keep(byte @Nullable [] event) {
    if (event != null) {
      events.add(event);
      keptBytes += event.length;
      kept.add(event.length);
    }
  }

  private void dropSeen() {
    if (over || failure != null || (firstKept == 0 && !kept.exceeded(keptBytes))) {
      return;
    }
    int seen = events.size();
    for (Reader reader : readers) {
      seen = Math.min(seen, reader.index);
    }
    for (; firstKept < seen; firstKept++) {
      byte[] event = events.set(firstKept, NOTHING);
      keptBytes -= event.length;
      kept.remove(event.length);
    }
  }
}
