package dev.serai;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says in two sentences that the database cannot be had. What fails after that is a defect, and
 * keeps its stack trace.
 */
final class DatabaseFailureAnalyzer extends AbstractFailureAnalyzer<SQLException> {

  /** H2's {@code DATABASE_ALREADY_OPEN_1}. */
  private static final int H2_IN_USE = 90020;

  private final Environment environment;

  DatabaseFailureAnalyzer(Environment environment) {
    this.environment = environment;
  }

  @Override
  protected @Nullable FailureAnalysis analyze(Throwable rootFailure, SQLException cause) {
    String home = environment.getProperty("serai.home", "./data");
    String url = environment.getProperty("spring.datasource.url", "");
    String state = cause.getSQLState() == null ? "" : cause.getSQLState();
    if (cause.getErrorCode() == H2_IN_USE) {
      return new FailureAnalysis(
          "Another process has the database below SERAI_HOME (" + home + ") open.",
          "Stop it, or give this one a SERAI_HOME of its own.",
          cause);
    }
    if (state.startsWith("08")) {
      return new FailureAnalysis(
          "The database " + withoutSecrets(url) + " cannot be reached.",
          "Start it, or mend SPRING_DATASOURCE_URL.",
          cause);
    }
    if (state.startsWith("28") || state.startsWith("3D")) {
      return new FailureAnalysis(
          "The database " + withoutSecrets(url) + " does not let this user in, or is not there.",
          "Create it, or mend SPRING_DATASOURCE_URL, SPRING_DATASOURCE_USERNAME and"
              + " SPRING_DATASOURCE_PASSWORD.",
          cause);
    }
    if (url.startsWith("jdbc:h2:") && state.startsWith("90")) {
      return new FailureAnalysis(
          "The database " + withoutSecrets(url) + " cannot be opened (H2 says " + state + ").",
          "See that its files below SERAI_HOME (" + home + ") are whole and may be written to.",
          cause);
    }
    return null;
  }

  /** Without parameters and without a user before the host: both may hold a password. */
  static String withoutSecrets(String url) {
    int end = url.length();
    for (char separator : new char[] {'?', ';'}) {
      int at = url.indexOf(separator);
      end = at < 0 ? end : Math.min(end, at);
    }
    String place = url.substring(0, end);
    int host = place.indexOf("//") + 2;
    int user = place.lastIndexOf('@');
    return host >= 2 && user > host ? place.substring(0, host) + place.substring(user + 1) : place;
  }
}
