package dev.serai.alert;

/** An alert did not get to its receiver. The message says why and holds no secret. */
public final class UndeliveredException extends RuntimeException {

  UndeliveredException(String message) {
    super(message);
  }
}
