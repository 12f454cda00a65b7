package dev.serai.tenant.credential;

/** A key-encryption key cannot be reached now, and may be later. */
final class KeyUnavailableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  KeyUnavailableException(String what) {
    super(what, null, false, false);
  }
}
