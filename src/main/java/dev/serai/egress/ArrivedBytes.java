package dev.serai.egress;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * A response body as a stream that gives everything that has arrived before it says that the
 * connection broke. The JDK's own stream throws away what nobody has read by then.
 */
final class ArrivedBytes extends InputStream implements BodySubscriber<InputStream> {

  /** No buffers: the end, which is never delivered that way. */
  private static final List<ByteBuffer> END = List.of();

  private static final int AHEAD = 8;

  private final LinkedBlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;
  private Iterator<ByteBuffer> next = Collections.emptyIterator();
  private ByteBuffer current = ByteBuffer.allocate(0);
  private boolean ended;

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(AHEAD);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    Flow.Subscription given = subscription;
    if (!buffers.isEmpty()) {
      arrived.add(buffers);
    } else if (given != null) {
      given.request(1);
    }
  }

  @Override
  public void onError(Throwable thrown) {
    failure = thrown;
    subscription = null;
    arrived.add(END);
  }

  @Override
  public void onComplete() {
    // Cancelling what is complete would cost an HTTP/2 connection.
    subscription = null;
    arrived.add(END);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!current.hasRemaining()) {
      if (!advance()) {
        return -1;
      }
    }
    int n = Math.min(length, current.remaining());
    current.get(into, offset, n);
    return n;
  }

  private boolean advance() throws IOException {
    if (next.hasNext()) {
      current = next.next();
      return true;
    }
    if (!ended) {
      List<ByteBuffer> buffers = take();
      next = buffers.iterator();
      ended = buffers.isEmpty();
    }
    Throwable thrown = failure;
    if (ended && (closed || thrown != null)) {
      throw new IOException(closed ? "closed" : "broken", thrown);
    }
    return !ended;
  }

  /** The next buffers; for each lot taken another may come, so that no more gathers than that. */
  private List<ByteBuffer> take() throws IOException {
    try {
      List<ByteBuffer> buffers = arrived.take();
      Flow.Subscription given = subscription;
      if (given != null && !buffers.isEmpty() && !closed) {
        given.request(1);
      }
      return buffers;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Cancels the call; a reader that waits gets an exception. */
  @Override
  public void close() {
    closed = !ended;
    Flow.Subscription given = subscription;
    if (given != null) {
      given.cancel();
    }
    arrived.add(END);
  }
}
