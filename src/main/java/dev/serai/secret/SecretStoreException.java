package dev.serai.secret;

/** A store could not be asked; the message is a short reason without anything secret in it. */
final class SecretStoreException extends Exception {

  private static final long serialVersionUID = 1L;

  SecretStoreException(String reason) {
    super(reason);
  }

  /** The reason. */
  String reason() {
    return String.valueOf(getMessage());
  }
}
