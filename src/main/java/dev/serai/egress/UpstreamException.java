package dev.serai.egress;

import dev.serai.chat.Failure;

/** A target did not answer. Carries no stack trace: it is an outcome, not a defect. */
public final class UpstreamException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final boolean sent;

  /**
   * Describes the outcome.
   *
   * @param failure what went wrong
   * @param sent whether any byte of the request may have reached the target, so that it may bill it
   */
  public UpstreamException(Failure failure, boolean sent) {
    super(failure.toString(), null, false, false);
    this.failure = failure;
    this.sent = sent;
  }

  /** What went wrong. */
  public Failure failure() {
    return failure;
  }

  /** Whether any byte of the request may have reached the target. */
  public boolean sent() {
    return sent;
  }
}
