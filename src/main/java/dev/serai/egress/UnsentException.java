package dev.serai.egress;

import dev.serai.chat.Failure;

/**
 * Nothing was sent, because of the tenant's own credential. Carries no stack trace: it is an
 * outcome, not a defect, and it says nothing of the target.
 */
public final class UnsentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient Failure failure;

  UnsentException(Failure failure) {
    super(failure.toString(), null, false, false);
    this.failure = failure;
  }

  Reply reply() {
    return new Reply.Unsent(failure);
  }
}
