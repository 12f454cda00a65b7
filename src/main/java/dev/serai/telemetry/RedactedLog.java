package dev.serai.telemetry;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.spi.AppenderAttachable;
import java.util.Iterator;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Puts the {@link Redactor} behind every appender, whoever configured it: as soon as logging is set
 * up, and again before the reason of a start that failed is told.
 */
final class RedactedLog implements ApplicationListener<SpringApplicationEvent>, Ordered {

  @Override
  public int getOrder() {
    return LoggingApplicationListener.DEFAULT_ORDER + 1;
  }

  @Override
  public void onApplicationEvent(SpringApplicationEvent event) {
    if ((event instanceof ApplicationEnvironmentPreparedEvent
            || event instanceof ApplicationFailedEvent)
        && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      redact(context, Redactor.ofProcess());
    }
  }

  static void redact(LoggerContext context, Redactor redactor) {
    for (Logger logger : context.getLoggerList()) {
      redact(logger.iteratorForAppenders(), redactor);
    }
  }

  private static void redact(Iterator<Appender<ILoggingEvent>> appenders, Redactor redactor) {
    while (appenders.hasNext()) {
      Appender<ILoggingEvent> appender = appenders.next();
      if (appender instanceof OutputStreamAppender<ILoggingEvent> writing) {
        redact(writing, redactor);
      } else if (appender instanceof AppenderAttachable<?>) {
        @SuppressWarnings("unchecked") // what is attached takes what it is attached to
        AppenderAttachable<ILoggingEvent> passing = (AppenderAttachable<ILoggingEvent>) appender;
        redact(passing.iteratorForAppenders(), redactor);
      }
    }
  }

  private static void redact(OutputStreamAppender<ILoggingEvent> appender, Redactor redactor) {
    Encoder<ILoggingEvent> encoder = appender.getEncoder();
    if (encoder == null || encoder instanceof RedactingEncoder) {
      return;
    }
    RedactingEncoder redacting = new RedactingEncoder(encoder, redactor);
    redacting.setContext(appender.getContext());
    redacting.start();
    appender.setEncoder(redacting);
  }
}
