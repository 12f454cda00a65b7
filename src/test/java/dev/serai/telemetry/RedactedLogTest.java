package dev.serai.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever writes a log, and however it is configured, writes no secret. */
class RedactedLogTest {
  private static final String SECRET = "s3cr3t-value";

  @TempDir Path folder;

  private final LoggerContext context = new LoggerContext();
  private final Redactor redactor = new Redactor();
  private final Logger logger = context.getLogger("some.library");

  @BeforeEach
  void learn() {
    context.setMDCAdapter(new ch.qos.logback.classic.util.LogbackMDCAdapter());
    redactor.learn(SECRET);
  }

  @AfterEach
  void stop() {
    context.stop();
  }

  private FileAppender<ILoggingEvent> appender() {
    PatternLayoutEncoder encoder = new PatternLayoutEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %logger %msg%n");
    encoder.start();
    FileAppender<ILoggingEvent> appender = new FileAppender<>();
    appender.setContext(context);
    appender.setFile(folder.resolve("log").toString());
    appender.setEncoder(encoder);
    appender.start();
    return appender;
  }

  private String written() throws IOException {
    context.stop();
    return Files.readString(folder.resolve("log"));
  }

  @Test
  void messages_arguments_and_stack_traces_are_redacted() throws IOException {
    logger.addAppender(appender());
    RedactedLog.redact(context, redactor);
    RedactedLog.redact(context, redactor);

    logger.warn("message {}", SECRET, new IllegalStateException("cause " + SECRET));

    assertThat(written())
        .contains("WARN some.library message ***", "IllegalStateException: cause ***", "\tat ")
        .doesNotContain(SECRET);
    assertThat(redactor.redactions()).isEqualTo(2);
  }

  @Test
  void an_appender_behind_another_one_is_redacted() throws IOException {
    AsyncAppender passing = new AsyncAppender();
    passing.setContext(context);
    passing.addAppender(appender());
    passing.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(passing);
    RedactedLog.redact(context, redactor);

    logger.warn("message {}", SECRET);

    assertThat(written()).contains("message ***").doesNotContain(SECRET);
  }
}
