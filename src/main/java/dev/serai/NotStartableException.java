package dev.serai;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What is around the gateway does not let it start. */
final class NotStartableException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String remedy;

  /**
   * Says it to the operator.
   *
   * @param problem what is wrong, in a sentence
   * @param remedy what to do, in a sentence
   */
  NotStartableException(String problem, String remedy) {
    super(problem);
    this.remedy = remedy;
  }

  /** Prints the two sentences in place of a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<NotStartableException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, NotStartableException cause) {
      return new FailureAnalysis(cause.getMessage(), cause.remedy, cause);
    }
  }
}
