package dev.serai.ledger;

import java.nio.file.Path;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Another process has locked the journal's folder. */
final class FolderInUseException extends IllegalStateException {

  private static final long serialVersionUID = 1L;

  FolderInUseException(Path folder) {
    super("another Serai uses " + folder + ": give each its own SERAI_HOME");
  }

  /** Prints it in place of a stack trace. */
  static final class Analyzer extends AbstractFailureAnalyzer<FolderInUseException> {
    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, FolderInUseException cause) {
      return new FailureAnalysis(
          String.valueOf(cause.getMessage()),
          "Stop the other one, or give this one a SERAI_HOME of its own; replicas on one"
              + " PostgreSQL need one each.",
          cause);
    }
  }
}
