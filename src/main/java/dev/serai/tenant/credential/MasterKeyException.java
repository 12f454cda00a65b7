package dev.serai.tenant.credential;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A key-encryption key is not usable as it is configured. Never repeats any of it. */
final class MasterKeyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  MasterKeyException(String problem) {
    super(problem);
  }

  /** Prints it with its remedy in place of a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<MasterKeyException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, MasterKeyException cause) {
      return new FailureAnalysis(
          cause.getMessage(),
          "Give the key that the tenants' credentials were stored with. Where none are stored yet,"
              + " make one with: openssl rand -base64 32",
          cause);
    }
  }
}
