package dev.serai.egress;

/** A target that can be called. */
public interface Upstream extends AutoCloseable {

  /**
   * Sends one request and waits for the whole answer, or for the first event of a streamed one.
   *
   * <p>Blocks the calling (virtual) thread, never longer than the request's deadline. An answer
   * with a 4xx status is a normal reply.
   *
   * @throws UpstreamException when there is no answer: the connection failed, the time ran out, the
   *     target failed (5xx), or what came cannot be read
   */
  Reply send(UpstreamRequest request);

  /**
   * Makes one cheap call that needs the credential and bills nothing, and says what is wrong.
   * Blocks the calling thread for ten seconds at most and does not throw.
   */
  default Check check() {
    return Check.without(
        Check.State.UNKNOWN, "This kind of target has no check: send it a request instead.");
  }

  @Override
  default void close() {}
}
