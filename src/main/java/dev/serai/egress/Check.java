package dev.serai.egress;

import java.time.Duration;
import java.util.Locale;

/**
 * Whether a target can be used, found out by asking it.
 *
 * @param state what was found
 * @param latency how long the call took; zero when none was made
 * @param message what is wrong and what to do about it; never holds a key
 */
public record Check(State state, Duration latency, String message) {

  /** What a check can find. */
  public enum State {
    /** It answers and takes the credential. */
    OK,
    /** There is no credential to ask it with. */
    NO_CREDENTIAL,
    /** It does not take the credential. */
    INVALID_KEY,
    /** The credential's account has no credit. */
    QUOTA_EXCEEDED,
    /** It limits the rate just now. */
    RATE_LIMITED,
    /** No connection can be made, or it broke. */
    UNREACHABLE,
    /** Nothing came in time. */
    TIMEOUT,
    /** Something answers there that is not the API. */
    WRONG_ADDRESS,
    /** It answers that it failed. */
    FAILED,
    /** All connections to it are in use. */
    BUSY,
    /** It cannot be found out. */
    UNKNOWN;

    /** The name in lower case, as the admin API has it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What was found without a call. */
  public static Check without(State state, String message) {
    return new Check(state, Duration.ZERO, message);
  }
}
