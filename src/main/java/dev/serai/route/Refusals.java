package dev.serai.route;

import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.dialect.ErrorBody;
import java.time.Duration;
import java.util.List;

/** From what went wrong at the targets to what the caller is told. */
final class Refusals {

  private static final Duration COME_BACK = Duration.ofSeconds(30);

  private Refusals() {}

  /**
   * The contract's error after all attempts: what the tenant must mend at its own provider account,
   * else the last failure that says something.
   */
  static ApiError of(List<Failure> failures) {
    for (Failure failure : failures.reversed()) {
      if (failure instanceof Failure.OwnAccount own
          && !(own.failure() instanceof Failure.RateLimited)) {
        return of(own);
      }
    }
    Failure telling = failures.getLast();
    for (int i = failures.size() - 1; i >= 0; i--) {
      if (!(failures.get(i) instanceof Failure.BreakerOpen)) {
        telling = failures.get(i);
        break;
      }
    }
    return of(telling);
  }

  static ApiError of(Failure failure) {
    return switch (failure) {
      case Failure.RateLimited limited ->
          ApiError.rateLimited(
              "The provider limits its rate: try again after the time in Retry-After.",
              limited.retryAfter());
      case Failure.Timeout t ->
          ApiError.timeout(
              "The provider did not answer in time: try again, or ask for a shorter answer.");
      case Failure.Network n ->
          ApiError.provider("The provider cannot be reached or broke the connection: try again.");
      case Failure.ServerError s when s.status() == 408 || s.status() == 504 ->
          ApiError.timeout(
              "The provider gave up waiting for its model: try again, or ask for a shorter"
                  + " answer.");
      case Failure.ServerError s ->
          ApiError.provider("The provider failed with status " + s.status() + ": try again.");
      case Failure.Unreadable u ->
          ApiError.provider("The provider sent something that is no answer: try again.");
      case Failure.InvalidOutput i ->
          ApiError.invalidOutput(
              "The answer is not what response_format asks for, also after the model was told what"
                  + " is wrong: make the schema or the prompt simpler, or name another model.");
      case Failure.InvalidKey k ->
          ApiError.provider(
              "The provider does not accept the gateway's credential: the gateway's operator must"
                  + " replace it.");
      case Failure.QuotaExceeded q ->
          ApiError.insufficientQuota(
              "The provider account behind this gateway is out of credit: its operator must add"
                  + " some.");
      case Failure.NotFound n ->
          ApiError.modelNotFound(
              "The provider does not know this model: GET /v1/models lists what can be named.");
      case Failure.Refused r ->
          ApiError.invalidRequest(
              "The provider refused the request with status " + r.status() + ".", null, null);
      case Failure.Unsuited u -> u.error();
      case Failure.Limited l -> l.error();
      case Failure.OverBudget over -> over.error();
      case Failure.QueueFull q ->
          ApiError.rateLimited(
              "Too many calls wait for this provider: try again after the time in Retry-After.",
              COME_BACK);
      case Failure.BreakerOpen b -> noTarget();
      case Failure.OwnAccount own -> own(own);
      case Failure.CredentialChanged c ->
          ApiError.noTarget(
              "The tenant's provider key was changed while the call was on its way: try again.",
              Duration.ofSeconds(1));
      case Failure.AllTargetsFailed a -> noTarget();
      case Failure.ClientGone c -> ApiError.provider("The call was given up.");
    };
  }

  /** What the tenant is told of its own account at a provider. */
  private static ApiError own(Failure.OwnAccount own) {
    String key = "Your " + own.provider() + " API key ";
    return switch (own.failure()) {
      case Failure.QuotaExceeded q ->
          ApiError.insufficientQuota(key + "quota exceeded. Please add credits or upgrade.");
      case Failure.RateLimited limited ->
          ApiError.rateLimited(
              key + "is rate limited. Please try again after the time in Retry-After.",
              limited.retryAfter());
      case Failure.InvalidKey k when k.status() == 403 ->
          ApiError.invalidApiKey(
              key
                  + "is not allowed to make this call. Please give it access to the model, or store"
                  + " another with "
                  + own.remedy()
                  + ".");
      case Failure.InvalidKey k ->
          ApiError.invalidApiKey(
              key + "is invalid. Please store one that is valid with " + own.remedy() + ".");
      default -> of(own.failure());
    };
  }

  private static ApiError noTarget() {
    return ApiError.noTarget(
        "Every target of this model has failed lately and is given a rest: try again after the time"
            + " in Retry-After.",
        COME_BACK);
  }

  /** In place of a refusal that is not in OpenAI's shape and may hold anything. */
  static byte[] body(int status) {
    return ErrorBody.json(
        "The provider refused the request with status " + status + " and gave no reason.",
        "invalid_request_error",
        null,
        null);
  }
}
