package dev.serai.egress;

import dev.serai.chat.ApiError;
import dev.serai.chat.Failure;
import dev.serai.chat.Usage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What came of a call to a target. */
public sealed interface Reply {

  /**
   * A complete answer.
   *
   * @param status HTTP status, below 500
   * @param body the bytes as they came
   * @param contentType as the target said; null when it said nothing
   * @param retryAfter when the target asks to come back; null when it does not say
   * @param usedBefore what was used although the answer is a refusal: by those of several calls
   *     that succeeded
   */
  record Whole(
      int status,
      byte[] body,
      @Nullable String contentType,
      @Nullable Duration retryAfter,
      Usage usedBefore)
      implements Reply {

    /** The answer to one call. */
    public Whole(
        int status, byte[] body, @Nullable String contentType, @Nullable Duration retryAfter) {
      this(status, body, contentType, retryAfter, Usage.NONE);
    }
  }

  /** Nothing was sent: all connections to the target are in use, which says nothing against it. */
  record Busy() implements Reply {}

  /** Nothing was sent: the target cannot do what the request asks for, and the error says what. */
  record Unsuited(ApiError error) implements Reply {}

  /** Nothing was sent, because of the tenant's own credential: it says nothing of the target. */
  record Unsent(Failure failure) implements Reply {}

  /**
   * A stream of which at least the first event with data has arrived.
   *
   * @param status HTTP status, 2xx
   * @param events all events, the first included
   */
  record Live(int status, EventSource events) implements Reply {}
}
