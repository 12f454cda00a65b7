package dev.serai.pricelist;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** An import that cannot be made; nothing was written. */
public final class PriceFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String remedy;

  PriceFileException(String problem, String remedy) {
    super(problem);
    this.remedy = remedy;
  }

  /** Prints what is wrong and what to do in place of a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<PriceFileException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, PriceFileException cause) {
      return new FailureAnalysis(cause.getMessage(), cause.remedy, cause);
    }
  }
}
