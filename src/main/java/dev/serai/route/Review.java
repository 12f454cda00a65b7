package dev.serai.route;

import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.ProviderError;
import dev.serai.egress.Reply;
import dev.serai.egress.UpstreamException;
import dev.serai.ledger.RowState;
import dev.serai.ledger.Settlement;
import dev.serai.recall.Answer;
import dev.serai.recall.SharedStream;
import dev.serai.recall.StoredAnswer;
import java.time.Duration;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Makes of what a target replied an answer, or this attempt's failure. */
@Component("review")
final class Review {

  private static final Logger LOG = LoggerFactory.getLogger(Review.class);

  /** The ledger's word for an answer that is not of the format that was asked for. */
  static final String INVALID = new Failure.InvalidOutput(false).type();

  /** Bytes of a stream that is gathered; a whole answer may have as many. */
  private static final long MOST_GATHERED = 64 << 20;

  private final Settling settling;
  private final StreamEnds streamEnds;

  Review(Settling settling, StreamEnds streamEnds) {
    this.settling = settling;
    this.streamEnds = streamEnds;
  }

  /**
   * Looks at what came back. An answer ends the attempts, and so does a refusal that every target
   * would repeat; anything else is thrown as this attempt's failure.
   */
  public void reply(Exchange exchange) {
    Call call = Call.of(exchange);
    Attempt attempt = call.attempt();
    Object reply = exchange.getMessage().getBody();
    call.answer =
        switch (reply) {
          case Reply.Live live when call.outputFormat != null -> gathered(call, attempt, live);
          case Reply.Live live -> streaming(call, attempt, live);
          case Reply.Whole whole when whole.status() < 300 -> complete(call, attempt, whole);
          case Reply.Whole whole -> refusal(call, attempt, whole);
          case Reply.Busy busy -> throw new UpstreamException(new Failure.QueueFull(), false);
          case Reply.Unsent unsent -> throw new UpstreamException(unsent.failure(), false);
          case Reply.Unsuited unsuited ->
              throw new UpstreamException(new Failure.Unsuited(unsuited.error()), false);
          case null, default -> throw new IllegalStateException("the provider route gave no reply");
        };
    call.answeredBy = attempt;
    exchange.setVariable(Variables.ATTEMPTING, call.answer == null);
    attempt.publish(exchange);
  }

  private Answer streaming(Call call, Attempt attempt, Reply.Live live) {
    attempt.firstByte();
    SharedStream stream =
        new SharedStream(
            live.events(),
            streamEnds.observer(call, attempt, live.status()),
            streamEnds.kept(call));
    SharedStream.Reader reader = reader(stream);
    call.atEnd(reader::close);
    if (call.flight != null) {
      call.flight.live(stream, attempt.target.id(), attempt.target.modelId());
    }
    return new Answer.Streaming(reader, attempt.target.id(), attempt.target.modelId());
  }

  /**
   * Reads a stream to its end before anything of it goes out, because only then it is known to be
   * valid. One that breaks is a failed attempt as any other.
   */
  private Answer gathered(Call call, Attempt attempt, Reply.Live live) {
    attempt.firstByte();
    SharedStream stream =
        new SharedStream(
            live.events(),
            streamEnds.observer(call, attempt, live.status()),
            streamEnds.kept(call));
    try (SharedStream.Reader reader = reader(stream)) {
      long bytes = 0;
      for (byte[] event = reader.next(); event != null; event = reader.next()) {
        bytes += event.length;
        if (bytes > MOST_GATHERED) {
          throw givenUp(reader, new Failure.Unreadable("stream too long"));
        }
        if (!call.timeLeft().isPositive()) {
          throw givenUp(reader, new Failure.Timeout(Phase.ALL_ATTEMPTS));
        }
      }
    }
    Attempt.Gathered gathered = attempt.gathered;
    if (gathered == null) {
      throw new UpstreamException(new Failure.Unreadable("no end"), true);
    }
    refuse(call, attempt);
    streamEnds.keep(call, gathered.answer(), gathered.whole());
    return new Answer.Complete(gathered.answer());
  }

  /** Leaves a stream: the ledger is to say why, and not that the caller has gone. */
  private static UpstreamException givenUp(SharedStream.Reader reader, Failure why) {
    UpstreamException reason = new UpstreamException(why, true);
    reader.leave(reason);
    return reason;
  }

  /**
   * An answer that is not what was asked for is this attempt's failure; it was paid all the same.
   */
  private static void refuse(Call call, Attempt attempt) {
    if (attempt.correction != null) {
      throw new UpstreamException(new Failure.InvalidOutput(call.corrections == 0), true);
    }
  }

  private static SharedStream.Reader reader(SharedStream stream) {
    SharedStream.Reader reader = stream.join();
    if (reader == null) {
      throw new IllegalStateException("a fresh stream can always be joined");
    }
    return reader;
  }

  /** Null when this was a part of what was asked for, and more calls are needed. */
  private @Nullable Answer complete(Call call, Attempt attempt, Reply.Whole whole) {
    AnswerFacts facts = attempt.facts == null ? AnswerFacts.read(whole.body()) : attempt.facts;
    ProviderError error = facts.error();
    if (error != null && error.status() >= 400) {
      return refusal(
          call,
          attempt,
          new Reply.Whole(error.status(), error.json(), "application/json", whole.retryAfter()));
    }
    if (error != null) {
      throw new UpstreamException(failure(error, null), true);
    }
    attempt.firstByte();
    Usage usage = facts.usage();
    if (usage == null) {
      usage =
          call.parts == null
              ? Usage.estimate(
                      attempt.estimate.inputTokens(),
                      streamEnds.outputTokens(attempt, whole.body()))
                  .servedAs(facts.serviceTier())
              : attempt.estimate.usage();
    }
    attempt.correction = streamEnds.check(call, whole.body());
    Settlement settled =
        settling.settle(
            attempt,
            RowState.SETTLED,
            attempt.correction == null ? null : INVALID,
            whole.status(),
            facts.model(),
            facts.finishReasons(),
            usage);
    refuse(call, attempt);
    Long nanos = settled == null ? null : settled.charge().nanos();
    if (call.parts != null) {
      return vectors(call, call.parts.took(attempt, whole.body(), usage, nanos));
    }
    StoredAnswer stored =
        new StoredAnswer(
            whole.body(), null, attempt.target.id(), attempt.target.modelId(), usage, nanos);
    streamEnds.keep(call, stored, facts.complete());
    return new Answer.Complete(stored);
  }

  private @Nullable Answer vectors(Call call, @Nullable StoredAnswer all) {
    if (all == null) {
      call.attemptsAtTarget = 0;
      return null;
    }
    streamEnds.keep(call, all, true);
    return new Answer.Complete(all);
  }

  private Answer refusal(Call call, Attempt attempt, Reply.Whole whole) {
    ProviderError error = ProviderError.read(whole.status(), whole.body());
    Failure failure = failure(error, whole.retryAfter());
    boolean last = call.targetIndex + 1 >= call.targets.size();
    boolean final404 = failure instanceof Failure.NotFound && last && error.openAiShaped();
    if (!(failure instanceof Failure.Refused) && !final404) {
      throw new UpstreamException(failure, true, whole.usedBefore());
    }
    settling.settle(
        attempt,
        RowState.FAILED,
        failure.type(),
        whole.status(),
        null,
        List.of(),
        whole.usedBefore());
    Answer.Refusal refusal =
        new Answer.Refusal(
            whole.status(),
            error.openAiShaped() ? whole.body() : Refusals.body(whole.status()),
            "application/json",
            attempt.target.id(),
            attempt.target.modelId());
    if (call.flight != null) {
      call.flight.refused(refusal);
    }
    LOG.info(
        "call refused target={} class={} status={} attempt={} request={}",
        attempt.target.id(),
        failure.type(),
        whole.status(),
        attempt.number,
        call.requestId);
    return refusal;
  }

  /** What a 4xx, or an error inside a 200, means for what to do next. */
  static Failure failure(ProviderError error, @Nullable Duration retryAfter) {
    int status = error.status() < 400 ? 502 : error.status();
    if (error.insufficientQuota()) {
      return new Failure.QuotaExceeded(status);
    }
    return switch (status) {
      case 401, 403 -> new Failure.InvalidKey(status);
      case 404 -> new Failure.NotFound();
      case 408, 409 -> new Failure.ServerError(status);
      case 429 -> new Failure.RateLimited(retryAfter);
      default -> status >= 500 ? new Failure.ServerError(status) : new Failure.Refused(status);
    };
  }
}
