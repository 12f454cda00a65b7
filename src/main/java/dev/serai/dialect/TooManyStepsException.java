package dev.serai.dialect;

/** What a caller wrote would take too long to follow. Has no stack trace: it is no defect. */
final class TooManyStepsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TooManyStepsException() {
    super("too many steps", null, false, false);
  }
}
