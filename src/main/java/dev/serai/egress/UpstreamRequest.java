package dev.serai.egress;

import dev.serai.catalog.Credential;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call to a target.
 *
 * @param path the operation, relative to the target's base URL, such as {@code /chat/completions}
 * @param body the JSON to send, byte for byte
 * @param stream whether a stream of events is expected
 * @param id identifies this attempt to the target ({@code X-Request-Id})
 * @param timeLeft how long this attempt may take, to the whole answer or to a stream's first event:
 *     what is left of the time for all attempts, or less where the role says so; positive
 * @param maxAnswerTokens how long the answer may be where the body does not say and the target
 *     wants to know, in tokens; 1 or more
 * @param credential the tenant's own; null for the one that the target is configured with
 */
public record UpstreamRequest(
    String path,
    byte[] body,
    boolean stream,
    String id,
    Duration timeLeft,
    long maxAnswerTokens,
    @Nullable Credential credential) {

  /** A call with the credential that the target is configured with. */
  public UpstreamRequest(
      String path,
      byte[] body,
      boolean stream,
      String id,
      Duration timeLeft,
      long maxAnswerTokens) {
    this(path, body, stream, id, timeLeft, maxAnswerTokens, null);
  }

  @Override
  public String toString() {
    return "UpstreamRequest[" + path + ", " + body.length + " bytes, " + id + "]";
  }
}
