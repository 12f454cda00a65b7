package dev.serai.catalog;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints what is wrong in the configuration files in place of a stack trace. */
final class CatalogFailureAnalyzer extends AbstractFailureAnalyzer<CatalogException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, CatalogException cause) {
    return new FailureAnalysis(
        "The configuration cannot be used:\n" + cause.getMessage(),
        "Mend these entries and start again.",
        cause);
  }
}
