package dev.serai.secret;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** A secret without which the gateway cannot start is not there; says which, and holds none. */
public final class SecretException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  SecretException(String problem, String remedy) {
    super(problem);
    this.remedy = remedy;
  }

  /** Prints what is missing in place of a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<SecretException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, SecretException cause) {
      return new FailureAnalysis(cause.getMessage(), cause.remedy, cause);
    }
  }
}
