package dev.serai.route;

import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiException;
import dev.serai.chat.Failure;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.MaxTokens;
import dev.serai.dialect.TextField;
import dev.serai.egress.UpstreamException;
import dev.serai.ledger.LedgerUnavailableException;
import dev.serai.ledger.RowState;
import dev.serai.policy.Retrying;
import dev.serai.policy.Retrying.Verdict;
import dev.serai.policy.TokenCounter;
import dev.serai.tenant.Pseudonyms;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/** Decides, attempt by attempt, whom to ask next, after which pause, and when to give up. */
@Component("attempts")
final class Attempts {

  private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);

  private final GatewayProperties settings;
  private final TokenCounter counter;
  private final Settling settling;
  private final Fallbacks fallbacks;
  private final Payers payers;
  private final Pseudonyms pseudonyms;
  private final Conversation conversation;
  private final Estimates estimates;

  Attempts(
      GatewayProperties settings,
      TokenCounter counter,
      Settling settling,
      Fallbacks fallbacks,
      Payers payers,
      Pseudonyms pseudonyms,
      Conversation conversation,
      Estimates estimates) {
    this.settings = settings;
    this.counter = counter;
    this.settling = settling;
    this.fallbacks = fallbacks;
    this.payers = payers;
    this.pseudonyms = pseudonyms;
    this.conversation = conversation;
    this.estimates = estimates;
  }

  /** Makes the next attempt ready. */
  public void next(Exchange exchange) {
    Call call = Call.of(exchange);
    if (call.attempts > 0 && !call.timeLeft().isPositive()) {
      throw new ApiException(Refusals.of(new Failure.Timeout(Failure.Timeout.Phase.ALL_ATTEMPTS)));
    }
    Target target = call.target();
    Payer payer = payers.paying(call, target.provider());
    call.attempts++;
    call.attemptsAtTarget++;
    call.attempt =
        call.parts == null
            ? chat(call, target, payer)
            : call.parts.next(
                target,
                call.attempts,
                tenantField(call, target),
                counter,
                tokens -> estimates.embeddings(call, target, payer, tokens));
    call.attempt.payer = payer;
    exchange.setVariable(Variables.TARGET, target.id());
    exchange.setVariable(Variables.ATTEMPT, call.attempts);
  }

  private Attempt chat(Call call, Target target, Payer payer) {
    ChatRequest request = call.chat();
    Estimate estimate = estimates.chat(call, target, payer);
    byte[] body =
        request.forUpstream(
            target.modelId(),
            request.stream(),
            Select.addedTemperature(call, target),
            tenantField(call, target),
            maxTokens(estimate, target));
    return new Attempt(target, call.attempts, request, body, estimate);
  }

  /** OpenAI's reasoning models know the newer name only, and others often only the older one. */
  private static @Nullable MaxTokens maxTokens(Estimate estimate, Target target) {
    boolean openai = target.provider().providerName().equals("openai");
    return estimate.limit() == null ? null : new MaxTokens(openai, estimate.limit());
  }

  /**
   * Whose call it is, as the provider is told: a pseudonym, in the field that it has for that. For
   * embeddings it is the same with all that have one.
   */
  private @Nullable TextField tenantField(Call call, Target target) {
    String field = target.provider().tenantField();
    return field == null
        ? null
        : new TextField(call.parts == null ? field : "user", pseudonyms.of(call.tenant()));
  }

  /**
   * The attempt failed: closes its row and decides whether another one follows, after which pause
   * and at which target.
   */
  public void failed(Exchange exchange) {
    Call call = Call.of(exchange);
    Attempt attempt = call.attempt();
    Exception caught = exchange.getProperty(Exchange.EXCEPTION_CAUGHT, Exception.class);
    UpstreamException outcome = outcome(caught);
    if (outcome == null) {
      abandon(exchange, attempt);
      call.givenUp = asRuntime(caught);
      return;
    }
    Failure failure = Payers.told(call, attempt, outcome.failure());
    if (attempt.settlement() == null) {
      settle(attempt, outcome);
    }
    attempt.publish(exchange);
    Verdict verdict =
        new Retrying(
                attempt.target.provider().maxRetries(),
                settings.retry().baseDelay(),
                settings.retry().maxDelay())
            .after(
                failure,
                call.attemptsAtTarget,
                ThreadLocalRandom.current().nextDouble(),
                call.timeLeft());
    report(call, attempt, failure, verdict);
    call.failures.add(failure);
    if (attempt.correction != null && verdict instanceof Verdict.Again) {
      call.correct(attempt.correction);
    }
    int next = fallbacks.after(call, failure);
    if (verdict instanceof Verdict.Again(Duration after)) {
      exchange.setVariable(Variables.RETRY_DELAY, after.toMillis());
    } else if (verdict instanceof Verdict.NextTarget && next < call.targets.size()) {
      fallbacks.go(call, next, failure);
      conversation.fit(call, call.target());
      exchange.setVariable(Variables.RETRY_DELAY, 0L);
    } else {
      call.givenUp = new ApiException(Refusals.of(call.failures));
    }
  }

  /** After the failed attempt was carried into accounting: the next one, or the request's end. */
  public void goOn(Exchange exchange) {
    exchange.removeVariable(Variables.SETTLEMENT);
    RuntimeException end = Call.of(exchange).givenUp;
    if (end != null) {
      throw end;
    }
  }

  private static @Nullable UpstreamException outcome(@Nullable Throwable caught) {
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof UpstreamException outcome) {
        return outcome;
      }
      if (t instanceof CallNotPermittedException) {
        return new UpstreamException(new Failure.BreakerOpen(), false);
      }
    }
    return null;
  }

  private static RuntimeException asRuntime(@Nullable Exception caught) {
    for (Throwable t = caught; t != null; t = t.getCause()) {
      if (t instanceof ApiException || t instanceof LedgerUnavailableException) {
        return (RuntimeException) t;
      }
    }
    return caught instanceof RuntimeException runtime ? runtime : new IllegalStateException(caught);
  }

  /** A defect of our own: the row says that nobody knows what the call used. */
  private void abandon(Exchange exchange, Attempt attempt) {
    settling.settle(
        attempt, RowState.UNSETTLED, "internal", null, null, List.of(), attempt.estimate.usage());
    attempt.publish(exchange);
  }

  private void settle(Attempt attempt, UpstreamException outcome) {
    Failure failure = outcome.failure();
    Integer status =
        switch (failure) {
          case Failure.RateLimited r -> 429;
          case Failure.ServerError s -> s.status();
          case Failure.InvalidKey k -> k.status();
          case Failure.QuotaExceeded q -> q.status();
          case Failure.NotFound n -> 404;
          default -> null;
        };
    boolean unknown =
        failure instanceof Failure.Timeout
            || failure instanceof Failure.Network
            || failure instanceof Failure.Unreadable;
    settling.settle(
        attempt,
        outcome.sent() ? RowState.FAILED : RowState.NOT_SENT,
        failure.type(),
        status,
        null,
        List.of(),
        outcome.sent() && unknown ? attempt.estimate.usage() : outcome.used());
  }

  private static void report(Call call, Attempt attempt, Failure failure, Verdict verdict) {
    String what =
        switch (verdict) {
          case Verdict.Again(Duration after) -> "again in " + after.toMillis() + " ms";
          case Verdict.NextTarget n -> "next target";
          case Verdict.GiveUp g -> "give up";
        };
    if (failure instanceof Failure.OwnAccount) {
      LOG.info(
          "call failed target={} class={} attempt={} request={} tenant={}: the tenant's own account"
              + " at the provider; {}",
          attempt.target.id(),
          failure.type(),
          attempt.number,
          call.requestId,
          call.tenant().id(),
          what);
      return;
    }
    if (failure instanceof Failure.InvalidKey || failure instanceof Failure.QuotaExceeded) {
      LOG.error(
          "call failed target={} class={} attempt={} request={}: the provider does not accept the"
              + " credential {}, or its account is out of credit: replace it or add credit",
          attempt.target.id(),
          failure.type(),
          attempt.number,
          call.requestId,
          attempt.target.provider().credentialName());
      return;
    }
    LOG.warn(
        "call failed target={} class={} attempt={} request={}: {}",
        attempt.target.id(),
        failure.type(),
        attempt.number,
        call.requestId,
        what);
  }
}
