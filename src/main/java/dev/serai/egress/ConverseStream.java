package dev.serai.egress;

import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.bedrock.Conversation;
import dev.serai.dialect.bedrock.ConverseEvents;
import dev.serai.dialect.bedrock.Head;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;

/** One streamed answer of Bedrock as events in OpenAI's form. */
final class ConverseStream implements EventSource {

  private final ConverseArrivals arrivals = new ConverseArrivals();
  private final Queue<byte[]> events = new ArrayDeque<>();
  private final ConverseEvents translation;
  private final Watchdog.Watch watch;
  private final Duration betweenBytes;
  private final Clock clock;
  private volatile @Nullable CompletableFuture<Void> call;
  private volatile boolean cancelled;
  private boolean ended;

  ConverseStream(
      Head head, Conversation conversation, Watchdog watchdog, Duration betweenBytes, Clock clock) {
    this.translation = new ConverseEvents(head, conversation.answerTool(), events::add);
    this.watch = watchdog.watch(this::abort);
    this.betweenBytes = betweenBytes;
    this.clock = clock;
  }

  /**
   * Sends the request and waits for the first piece of the answer: until then a failure is an
   * ordinary one, which another target may mend.
   */
  Reply open(BedrockRuntimeAsyncClient client, ConverseStreamRequest request, Duration firstByte) {
    boolean live = false;
    try {
      watch.expect(Phase.FIRST_BYTE, firstByte);
      CompletableFuture<Void> future = client.converseStream(request, arrivals);
      call = future;
      var unused =
          future.whenComplete(
              (done, thrown) -> {
                if (thrown != null) {
                  arrivals.fail(thrown);
                }
              });
      // The role alone is no answer yet.
      while (events.size() < 2 && !ended) {
        ConverseStreamOutput next = take();
        if (next == ConverseArrivals.END) {
          Reply refusal = refusal();
          if (refusal != null) {
            return refusal;
          }
          end();
        } else {
          translation.add(next);
        }
      }
      watch.pause();
      live = true;
      return new Reply.Live(200, this);
    } finally {
      if (!live) {
        ended = true;
        watch.close();
        abort();
      }
    }
  }

  @Override
  public byte @Nullable [] next() {
    while (events.isEmpty() && !ended) {
      watch.expect(Phase.BETWEEN_BYTES, betweenBytes);
      ConverseStreamOutput next = take();
      watch.pause();
      if (next == ConverseArrivals.END) {
        end();
      } else {
        translation.add(next);
      }
    }
    return events.poll();
  }

  private ConverseStreamOutput take() {
    try {
      return arrivals.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel();
      throw new UpstreamException(new Failure.ClientGone(), true);
    }
  }

  /** What Bedrock said instead of an answer; null when it did not say no. */
  private @Nullable Reply refusal() {
    Throwable thrown = arrivals.failure();
    return thrown == null || cancelled || watch.fired() != null
        ? null
        : BedrockProblem.of(thrown, clock).reply();
  }

  private void end() {
    ended = true;
    watch.close();
    Throwable thrown = arrivals.failure();
    if (cancelled) {
      throw new UpstreamException(new Failure.ClientGone(), true);
    }
    Phase late = watch.fired();
    if (late != null) {
      throw new UpstreamException(new Failure.Timeout(late), true);
    }
    if (thrown != null) {
      throw BedrockProblem.of(thrown, clock).exception();
    }
    if (!translation.end()) {
      throw new UpstreamException(new Failure.Network("stream ended early"), true);
    }
  }

  @Override
  public boolean ready() {
    while (events.isEmpty() && !ended) {
      ConverseStreamOutput next = arrivals.poll();
      if (next == null) {
        return arrivals.atEnd();
      }
      translation.add(next);
    }
    return !events.isEmpty();
  }

  @Override
  public void finish() {
    watch.close();
    if (!ended) {
      ended = true;
      abort();
    }
  }

  @Override
  public void cancel() {
    cancelled = true;
    watch.close();
    abort();
  }

  private void abort() {
    arrivals.close();
    CompletableFuture<Void> future = call;
    if (future != null) {
      future.cancel(true);
    }
  }
}
