package dev.serai.chat;

/**
 * A request ends with an {@link ApiError}. Carries no stack trace: it is an answer, not a defect.
 */
public final class ApiException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ApiError error;

  /** Ends the request with this error. */
  public ApiException(ApiError error) {
    super(error.message(), null, false, false);
    this.error = error;
  }

  /** What the caller is told. */
  public ApiError error() {
    return error;
  }
}
