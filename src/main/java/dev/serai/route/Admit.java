package dev.serai.route;

import dev.serai.catalog.GatewayProperties;
import dev.serai.catalog.GatewayProperties.Limits;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.chat.Failure;
import dev.serai.egress.UpstreamException;
import dev.serai.limit.Decision;
import dev.serai.limit.FairLine;
import dev.serai.limit.Hold;
import dev.serai.limit.Limiter;
import dev.serai.limit.Places;
import dev.serai.limit.Places.Entrance;
import dev.serai.limit.Places.Guest;
import dev.serai.limit.Places.Wish;
import dev.serai.limit.Scope;
import dev.serai.limit.Standing;
import dev.serai.limit.Subject;
import dev.serai.tenant.Tenant;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Lets a request in as its limits allow: requests, tokens, and calls at the same time, of its key,
 * its tenant, its role, its provider and the whole gateway.
 */
@Component("admit")
final class Admit {

  private static final Duration COME_BACK = Duration.ofSeconds(1);

  private final Limits settings;
  private final Limiter limiter;
  private final Places places;
  private final FairLine process;

  Admit(GatewayProperties settings, Limiter limiter, Places places) {
    this.settings = settings.limits();
    this.limiter = limiter;
    this.places = places;
    process =
        new FairLine(
            this.settings.inFlight(), this.settings.queue(), this.settings.queuePerTenant());
  }

  /**
   * Takes a request of every limit that is known by now, and a place until the request is over. The
   * narrowest comes first; a place may be waited for.
   */
  public void enter(Exchange exchange) {
    Call call = Call.of(exchange);
    Tenant tenant = call.tenant();
    Duration left = call.timeLeft();
    Duration patience = settings.queueWait().compareTo(left) < 0 ? settings.queueWait() : left;
    int own = tenant.maxInFlight() > 0 ? tenant.maxInFlight() : settings.perTenant();
    long began = System.nanoTime();
    if (limiter.active() || own > 0) {
      request(call, callers(call));
      List<Wish> wishes = new ArrayList<>(3);
      for (Subject caller : callers(call)) {
        wishes.add(new Wish(caller, caller.scope() == Scope.TENANT ? own : 0));
      }
      enter(call, wishes, patience);
    }
    Duration rest = patience.minusNanos(System.nanoTime() - began);
    if (process.enter(tenant.id(), interactive(call), call.startNanos, rest)
        != FairLine.Outcome.IN) {
      throw refused(call, full(Subject.GATEWAY));
    }
    call.atEnd(process::leave);
  }

  /**
   * The same for the role, once it is known. There is no waiting from here on: who waits here would
   * keep others from a place that they could use.
   */
  public void role(Exchange exchange) {
    Call call = Call.of(exchange);
    if (limiter.active() && call.role != null) {
      Subject role = new Subject(Scope.ROLE, call.role.name());
      request(call, List.of(role));
      enter(call, List.of(new Wish(role, 0)), Duration.ZERO);
    }
  }

  /**
   * Takes what one attempt may use, before it leaves: tokens of everybody, and a request and a
   * place of the provider.
   *
   * @throws UpstreamException when it is the provider that has no more: another one may have
   * @throws ApiException when the caller's limits have no more
   */
  void reserve(Call call, Attempt attempt) {
    if (!limiter.active()) {
      return;
    }
    Subject provider = new Subject(Scope.PROVIDER, attempt.target.provider().id());
    List<Subject> subjects = callers(call);
    if (call.role != null) {
      subjects.add(new Subject(Scope.ROLE, call.role.name()));
    }
    subjects.add(provider);
    Decision decision =
        limiter.attempt(
            subjects, provider, attempt.estimate.inputTokens() + attempt.estimate.outputTokens());
    if (decision instanceof Decision.Refused(Standing by)) {
      throw notSent(call, by.draw().subject(), refusal(call, by));
    }
    attempt.hold = hold(decision);
    Entrance entrance = places.enter(List.of(new Wish(provider, 0)), guest(call, Duration.ZERO));
    if (entrance instanceof Entrance.Refused(Subject by)) {
      attempt.release();
      throw notSent(call, by, full(by));
    }
    attempt.leave = entrance instanceof Entrance.In(Runnable leave) ? leave : null;
  }

  private static RuntimeException notSent(Call call, Subject by, ApiError error) {
    call.attempts--;
    return by.scope() == Scope.PROVIDER
        ? new UpstreamException(new Failure.Limited(error), false)
        : refused(call, error);
  }

  private static List<Subject> callers(Call call) {
    List<Subject> callers = new ArrayList<>(5);
    if (call.key != null) {
      callers.add(new Subject(Scope.KEY, call.key.id()));
    }
    callers.add(new Subject(Scope.TENANT, call.tenant().id()));
    callers.add(Subject.GATEWAY);
    return callers;
  }

  private void request(Call call, List<Subject> subjects) {
    Decision decision = limiter.request(subjects);
    if (decision instanceof Decision.Refused(Standing by)) {
      throw refused(call, refusal(call, by));
    }
    Hold hold = hold(decision);
    if (hold != null) {
      if (call.holds.isEmpty()) {
        call.atEnd(() -> giveBack(call));
      }
      call.holds.add(hold);
    }
  }

  private static @Nullable Hold hold(@Nullable Decision decision) {
    return decision instanceof Decision.Granted(Hold hold) ? hold : null;
  }

  private void enter(Call call, List<Wish> wishes, Duration patience) {
    switch (places.enter(wishes, guest(call, patience))) {
      case Entrance.In(Runnable leave) -> call.atEnd(leave);
      case Entrance.Refused(Subject by) -> throw refused(call, full(by));
      case null -> {}
    }
  }

  private static Guest guest(Call call, Duration patience) {
    return new Guest(call.tenant().id(), interactive(call), call.startNanos, patience);
  }

  private static boolean interactive(Call call) {
    return call.entryName.equals("http");
  }

  private static ApiException refused(Call call, ApiError error) {
    call.limited = true;
    giveBack(call);
    return new ApiException(error);
  }

  /** A request that a limit refused has used nothing of the others, unless it was sent before. */
  private static void giveBack(Call call) {
    if (call.limited && !call.sent) {
      call.holds.forEach(Hold::giveBack);
    }
  }

  private static ApiError refusal(Call call, Standing by) {
    call.limited = true;
    call.refusedBy = by;
    String limit =
        "limit of "
            + by.draw().limit()
            + " "
            + by.draw().measure().label().replace('_', ' ')
            + " of this "
            + by.draw().subject().scope().label();
    return by.neverFits()
        ? ApiError.neverFits(
            "This request may use "
                + by.draw().amount()
                + " tokens and can never fit into the "
                + limit
                + ": make the prompt shorter, ask for less with max_tokens, or have the limit"
                + " raised.")
        : ApiError.rateLimited(
            "The " + limit + " is reached: try again after the time in Retry-After.", by.reset());
  }

  private static ApiError full(Subject by) {
    String whose = by.scope() == Scope.GATEWAY ? "" : " of this " + by.scope().label();
    return ApiError.rateLimited(
        "Too many requests"
            + whose
            + " are in flight: try again after the time in Retry-After, or send fewer at once.",
        COME_BACK);
  }
}
