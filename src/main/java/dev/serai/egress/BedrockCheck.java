package dev.serai.egress;

import dev.serai.catalog.Provider;
import dev.serai.chat.Failure;
import dev.serai.egress.Check.State;
import java.time.Clock;
import java.time.Duration;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;

/**
 * One signed Converse call without a message. Bedrock looks at the signature before it looks at the
 * request, so that its refusal of the request says that the credential is good; nothing is billed.
 */
final class BedrockCheck {

  private static final String MODEL = "amazon.nova-micro-v1:0";
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final Provider provider;
  private final BedrockRuntimeClient client;
  private final Clock clock;

  BedrockCheck(Provider provider, BedrockRuntimeClient client, Clock clock) {
    this.provider = provider;
    this.client = client;
    this.clock = clock;
  }

  Check make() {
    long start = System.nanoTime();
    State state = State.OK;
    try {
      client.converse(
          ask -> ask.modelId(MODEL).overrideConfiguration(how -> how.apiCallTimeout(LONGEST)));
    } catch (SdkException e) {
      state = state(BedrockProblem.of(e, clock).failure());
    }
    return new Check(state, Duration.ofNanos(System.nanoTime() - start), message(state));
  }

  private static State state(Failure failure) {
    return switch (failure) {
      case Failure.Refused refused -> State.OK;
      case Failure.NotFound notFound -> State.OK;
      case Failure.InvalidKey refused -> State.INVALID_KEY;
      case Failure.QuotaExceeded empty -> State.QUOTA_EXCEEDED;
      case Failure.RateLimited limited -> State.RATE_LIMITED;
      case Failure.Timeout late -> State.TIMEOUT;
      case Failure.Network broken -> State.UNREACHABLE;
      case Failure.QueueFull full -> State.BUSY;
      case Failure.ServerError failed -> State.FAILED;
      default -> State.UNKNOWN;
    };
  }

  private String message(State state) {
    return switch (state) {
      case OK -> "The target answers and takes the credential.";
      case INVALID_KEY ->
          "The target refuses the credential: replace it, or give its identity the right"
              + " bedrock:InvokeModel.";
      case QUOTA_EXCEEDED -> "The account is out of credit: add some.";
      case RATE_LIMITED -> "The target limits the rate: check again in a minute.";
      case TIMEOUT -> "Nothing came within ten seconds: check the network and the region.";
      case UNREACHABLE ->
          "No connection can be made: check the network and serai.providers."
              + provider.id()
              + ".region or base-url.";
      case BUSY -> "All connections to the target are in use: check again.";
      default -> "The target answers that it failed: check again in a minute.";
    };
  }
}
