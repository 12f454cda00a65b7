package dev.serai.egress;

import dev.serai.chat.Failure;
import dev.serai.chat.Usage;

/** A target did not answer. Carries no stack trace: it is an outcome, not a defect. */
public final class UpstreamException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;
  private final boolean sent;
  private final transient Usage used;

  /**
   * Describes the outcome.
   *
   * @param failure what went wrong
   * @param sent whether any byte of the request may have reached the target, so that it may bill it
   */
  public UpstreamException(Failure failure, boolean sent) {
    this(failure, sent, Usage.NONE);
  }

  /**
   * Describes the outcome of several calls of which some succeeded.
   *
   * @param used what those have used
   */
  public UpstreamException(Failure failure, boolean sent, Usage used) {
    super(failure.toString(), null, false, false);
    this.failure = failure;
    this.sent = sent;
    this.used = used;
  }

  /** What is known to have been used all the same. */
  public Usage used() {
    return used;
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
