package dev.serai.egress;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.async.SdkPublisher;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;

/**
 * What has arrived of a stream, from the SDK's thread to the one that reads. All of it is given
 * before the end is, be that the regular one or a failure.
 */
final class ConverseArrivals
    implements ConverseStreamResponseHandler, Subscriber<ConverseStreamOutput> {

  /** Stands for the end. */
  static final ConverseStreamOutput END = new End();

  /** Events that may lie here unread before the connection is no longer read from. */
  private static final int AHEAD = 256;

  private final LinkedBlockingQueue<ConverseStreamOutput> arrived = new LinkedBlockingQueue<>();
  private volatile @Nullable Subscription subscription;
  private volatile @Nullable Throwable failure;
  private volatile boolean closed;

  /** The next event, or {@link #END}, which stays there. */
  ConverseStreamOutput take() throws InterruptedException {
    ConverseStreamOutput next = arrived.take();
    if (next == END) {
      arrived.add(END);
    } else {
      askForOne();
    }
    return next;
  }

  /** As {@link #take}, but null where that would wait or give the end. */
  @Nullable ConverseStreamOutput poll() {
    if (arrived.peek() == END) {
      return null;
    }
    ConverseStreamOutput next = arrived.poll();
    if (next != null) {
      askForOne();
    }
    return next;
  }

  /** Whether the end comes next. */
  boolean atEnd() {
    return arrived.peek() == END;
  }

  /** Why it ended; null at the regular end. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Wants no more of it; a reader that waits is given the end. */
  void close() {
    closed = true;
    Subscription given = subscription;
    if (given != null) {
      given.cancel();
    }
    arrived.add(END);
  }

  private void askForOne() {
    Subscription given = subscription;
    if (given != null && !closed) {
      given.request(1);
    }
  }

  void fail(Throwable thrown) {
    if (failure == null) {
      failure = thrown;
    }
    arrived.add(END);
  }

  @Override
  public void responseReceived(ConverseStreamResponse response) {}

  @Override
  public void onEventStream(SdkPublisher<ConverseStreamOutput> publisher) {
    publisher.subscribe(this);
  }

  @Override
  public void exceptionOccurred(Throwable thrown) {
    fail(thrown);
  }

  @Override
  public void complete() {
    arrived.add(END);
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscription = given;
    if (closed) {
      given.cancel();
    } else {
      given.request(AHEAD);
    }
  }

  @Override
  public void onNext(ConverseStreamOutput event) {
    arrived.add(event);
  }

  @Override
  public void onError(Throwable thrown) {
    fail(thrown);
  }

  @Override
  public void onComplete() {
    // What follows says whether the answer is whole.
  }

  private static final class End implements ConverseStreamOutput {
    @Override
    public void accept(Visitor visitor) {}

    @Override
    public List<SdkField<?>> sdkFields() {
      return List.of();
    }
  }
}
