package dev.serai.route;

import dev.serai.catalog.GatewayProperties;
import dev.serai.chat.Failure;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.dialect.AnswerFacts;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.ProviderError;
import dev.serai.dialect.StreamAssembler;
import dev.serai.dialect.StreamEvents;
import dev.serai.dialect.StreamReplay;
import dev.serai.egress.UpstreamException;
import dev.serai.ledger.RowState;
import dev.serai.ledger.Settlement;
import dev.serai.policy.TokenCounter;
import dev.serai.recall.AnswerCache;
import dev.serai.recall.Kept;
import dev.serai.recall.SharedStream;
import dev.serai.recall.StoredAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Follows streams to their end, whichever it is, and sees to it that they are accounted for. */
@Component
final class StreamEnds {

  private static final Logger LOG = LoggerFactory.getLogger(StreamEnds.class);
  private static final Set<String> WHOLE = Set.of("stop", "tool_calls", "function_call");

  /** How many characters of a stream are gathered before they are counted. */
  private static final int PIECE = 1024;

  /** A stream that is gathered is bounded by who gathers it. */
  private static final Kept ALL = new Kept(Long.MAX_VALUE).each(Long.MAX_VALUE);

  private final Settling settling;
  private final TokenCounter counter;
  private final AnswerCache cache;
  private final long maxEntryBytes;
  private final Kept kept;

  StreamEnds(
      Settling settling, TokenCounter counter, AnswerCache cache, GatewayProperties settings) {
    this.settling = settling;
    this.counter = counter;
    this.cache = cache;
    this.maxEntryBytes = settings.cache().maxEntrySize().toBytes();
    this.kept = new Kept(settings.cache().maxSize().toBytes() / 4);
  }

  /** How much of a stream is kept while it runs: nothing where nobody can join it or ask again. */
  Kept kept(Call call) {
    if (call.outputFormat != null) {
      return ALL;
    }
    return kept.each(call.flight != null || call.refresh ? maxEntryBytes : 0);
  }

  /** What is wrong with an answer that is to be checked; null when nothing is. */
  @Nullable Correction check(Call call, byte[] answer) {
    String problem = call.outputFormat == null ? null : call.outputFormat.problem(answer);
    return problem == null ? null : new Correction(answer, problem);
  }

  SharedStream.Observer observer(Call call, Attempt attempt, int status) {
    return new Follower(call, attempt, status);
  }

  /** Tokens of a whole answer whose usage is missing. */
  long outputTokens(Attempt attempt, byte[] body) {
    long tokens = 0;
    for (byte[] event : StreamReplay.events(body, false)) {
      tokens += tokens(attempt, event);
    }
    return tokens;
  }

  private long tokens(Attempt attempt, byte[] event) {
    StringBuilder text = new StringBuilder();
    StreamEvents.countableText(event, text);
    return text.isEmpty() ? 0 : counter.count(attempt.target.modelId(), text);
  }

  /**
   * Puts an answer where later requests find it, if it is one to keep: an answer of another target
   * than the first is not what was asked for first, and would outlive the reason it was given.
   */
  void keep(Call call, StoredAnswer answer, boolean complete) {
    boolean first = call.targetIndex == 0;
    boolean keep = complete && first && call.cacheKey != null && answer.weight() <= maxEntryBytes;
    if (call.flight != null) {
      call.flight.landed(answer, keep);
    } else if (keep && call.refresh && call.cacheKey != null) {
      cache.refresh(call.cacheKey, answer);
    }
  }

  /** Gathers what the ledger must know about one stream while its events pass. */
  private final class Follower implements SharedStream.Observer {
    private final Call call;
    private final Attempt attempt;
    private final int status;
    private final List<String> finishReasons = new ArrayList<>(1);
    private final StringBuilder text = new StringBuilder();
    private @Nullable Usage usage;
    private @Nullable String model;
    private ServiceTier serviceTier = ServiceTier.STANDARD;
    private boolean done;
    private long countedTokens;

    Follower(Call call, Attempt attempt, int status) {
      this.call = call;
      this.attempt = attempt;
      this.status = status;
    }

    @Override
    public boolean event(byte[] event) {
      EventFacts facts = EventFacts.of(event);
      if (facts.usage() != null) {
        usage = facts.usage();
      }
      finishReasons.addAll(facts.finishReasons());
      if (facts.kind() == EventFacts.Kind.ERROR) {
        ProviderError error = facts.error();
        throw new UpstreamException(
            error == null
                ? new Failure.ServerError(502)
                : Payers.told(call, attempt, Review.failure(error, null)),
            true);
      }
      if (facts.kind() == EventFacts.Kind.DATA) {
        if (model == null) {
          head(event);
        }
        gather(event);
      }
      done = facts.kind() == EventFacts.Kind.DONE;
      return done;
    }

    private void head(byte[] event) {
      AnswerFacts facts = StreamEvents.facts(event);
      if (facts != null) {
        model = facts.model();
        serviceTier = facts.serviceTier();
      }
    }

    /** Text is only needed should the usage never come; it is counted in pieces to stay small. */
    private void gather(byte[] event) {
      StreamEvents.countableText(event, text);
      if (text.length() > PIECE) {
        count();
      }
    }

    private void count() {
      if (!text.isEmpty()) {
        countedTokens += counter.count(attempt.target.modelId(), text);
        text.setLength(0);
      }
    }

    private Usage usedSoFar() {
      if (usage != null) {
        return usage.serviceTier() == ServiceTier.STANDARD ? usage.servedAs(serviceTier) : usage;
      }
      count();
      return Usage.estimate(attempt.estimate.inputTokens(), countedTokens).servedAs(serviceTier);
    }

    @Override
    public void ended(@Nullable List<byte[]> events) {
      if (!done && finishReasons.isEmpty()) {
        UpstreamException early =
            new UpstreamException(new Failure.Network("stream ended early"), true);
        broke(early);
        throw early;
      }
      if (call.outputFormat != null && events != null) {
        attempt.correction = check(call, StreamAssembler.whole(events));
      }
      Settlement settlement =
          settling.settle(
              attempt,
              RowState.SETTLED,
              attempt.correction == null ? null : Review.INVALID,
              status,
              model,
              finishReasons,
              usedSoFar());
      if (events != null) {
        boolean whole = !finishReasons.isEmpty() && WHOLE.containsAll(finishReasons);
        StoredAnswer answer =
            new StoredAnswer(
                null,
                events,
                attempt.target.id(),
                attempt.target.modelId(),
                usedSoFar(),
                settlement == null ? null : settlement.charge().nanos());
        if (call.outputFormat != null) {
          attempt.gathered = new Attempt.Gathered(answer, whole);
        } else {
          keep(call, answer, whole);
        }
      } else if (call.flight != null) {
        call.flight.broke();
      }
      publish(settlement);
    }

    @Override
    public void broke(UpstreamException failure) {
      // One that is gathered is only an attempt: the next one may still answer.
      if (call.flight != null && call.outputFormat == null) {
        call.flight.broke();
      }
      boolean gone = failure.failure() instanceof Failure.ClientGone;
      Settlement settlement =
          settling.settle(
              attempt,
              gone ? RowState.SETTLED : RowState.FAILED,
              failure.failure().type(),
              status,
              model,
              finishReasons,
              usedSoFar());
      if (settlement != null) {
        LOG.warn(
            "stream ended early target={} class={} attempt={} request={}",
            attempt.target.id(),
            failure.failure().type(),
            attempt.number,
            call.requestId);
      }
      publish(settlement);
    }

    private void publish(@Nullable Settlement settlement) {
      if (settlement != null && call.outputFormat == null) {
        settling.publish(call, settlement);
      }
    }
  }
}
