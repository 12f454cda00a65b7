package dev.serai.egress;

import java.time.Duration;

/**
 * One call to a target.
 *
 * @param path the operation, relative to the target's base URL, such as {@code /chat/completions}
 * @param body the JSON to send, byte for byte
 * @param stream whether a stream of events is expected
 * @param id identifies this attempt to the target ({@code X-Request-Id})
 * @param timeLeft what is left of the time for all attempts; positive
 */
public record UpstreamRequest(
    String path, byte[] body, boolean stream, String id, Duration timeLeft) {

  @Override
  public String toString() {
    return "UpstreamRequest[" + path + ", " + body.length + " bytes, " + id + "]";
  }
}
