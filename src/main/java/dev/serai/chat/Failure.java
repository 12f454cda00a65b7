package dev.serai.chat;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Why a call to a target did not answer. */
public sealed interface Failure {

  /** A stable lower-case name for logs, meters and the ledger's {@code error_type}. */
  String type();

  /** The target asked to come back later (429). */
  record RateLimited(@Nullable Duration retryAfter) implements Failure {
    @Override
    public String type() {
      return "rate_limited";
    }
  }

  /** Nothing came in time. */
  record Timeout(Phase phase) implements Failure {
    /** What was being waited for. */
    public enum Phase {
      /** A connection. */
      CONNECT,
      /** The first content of a stream. */
      FIRST_BYTE,
      /** The next bytes of a stream. */
      BETWEEN_BYTES,
      /** The complete answer. */
      WHOLE_ANSWER,
      /** Any answer at all: the time for all attempts is used up. */
      ALL_ATTEMPTS
    }

    @Override
    public String type() {
      return "timeout";
    }
  }

  /** The connection could not be made or broke. */
  record Network(String what) implements Failure {
    @Override
    public String type() {
      return "network";
    }
  }

  /** The target failed (5xx, 408, 409). */
  record ServerError(int status) implements Failure {
    @Override
    public String type() {
      return "server_error";
    }
  }

  /** The target answered 2xx with something that is no answer. */
  record Unreadable(String what) implements Failure {
    @Override
    public String type() {
      return "unreadable";
    }
  }

  /**
   * The answer is not of the format that the request asks for.
   *
   * @param again whether the model is to be told what is wrong, and asked once more
   */
  record InvalidOutput(boolean again) implements Failure {
    @Override
    public String type() {
      return "invalid_output";
    }
  }

  /** The target does not accept the key (401, 403). */
  record InvalidKey(int status) implements Failure {
    @Override
    public String type() {
      return "invalid_key";
    }
  }

  /** The key's account has no credit left (402, or 429 with {@code insufficient_quota}). */
  record QuotaExceeded(int status) implements Failure {
    @Override
    public String type() {
      return "quota_exceeded";
    }
  }

  /** The target does not know the model or the path (404). */
  record NotFound() implements Failure {
    @Override
    public String type() {
      return "not_found";
    }
  }

  /** The request itself is wrong; no target would take it (other 4xx). */
  record Refused(int status) implements Failure {
    @Override
    public String type() {
      return "refused";
    }
  }

  /** The target cannot do what the request asks for, though others may; nothing was sent. */
  record Unsuited(ApiError error) implements Failure {
    @Override
    public String type() {
      return "unsuited";
    }
  }

  /** A limit that was set for the target is reached; nothing was sent. */
  record Limited(ApiError error) implements Failure {
    @Override
    public String type() {
      return "limited";
    }
  }

  /**
   * A budget has no room for this call; nothing was sent.
   *
   * @param cheaper whether a cheaper target may take it
   * @param elsewhere whether a target of another provider may, whatever it costs
   */
  record OverBudget(ApiError error, boolean cheaper, boolean elsewhere) implements Failure {
    @Override
    public String type() {
      return "over_budget";
    }
  }

  /** The target's circuit breaker is open; nothing was sent. */
  record BreakerOpen() implements Failure {
    @Override
    public String type() {
      return "breaker_open";
    }
  }

  /** The target's waiting queue is full; nothing was sent. */
  record QueueFull() implements Failure {
    @Override
    public String type() {
      return "queue_full";
    }
  }

  /** The caller went away before the answer was complete. */
  record ClientGone() implements Failure {
    @Override
    public String type() {
      return "client_gone";
    }
  }

  /** The tenant's credential was changed or taken away while the call was on its way. */
  record CredentialChanged() implements Failure {
    @Override
    public String type() {
      return "credential_changed";
    }
  }

  /**
   * The provider turned down the tenant's own account: a key it does not accept, without credit, or
   * over its rate.
   *
   * @param provider the provider as people call it, such as {@code OpenAI}
   * @param remedy how another key is stored
   * @param failure what the provider said
   */
  record OwnAccount(String provider, String remedy, Failure failure) implements Failure {
    @Override
    public String type() {
      return failure.type();
    }
  }

  /** Every target was tried. */
  record AllTargetsFailed(List<Failure> failures) implements Failure {
    @Override
    public String type() {
      return "all_targets_failed";
    }
  }
}
