package dev.serai.ledger;

import org.jspecify.annotations.Nullable;

/**
 * The row could not be made durable in time, so the call must not leave. The message carries no
 * value of the row.
 */
public final class LedgerUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Nothing was written, and that is why. */
  public LedgerUnavailableException(String message) {
    super(message);
  }

  /** Nothing was written, and that is why. */
  public LedgerUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
