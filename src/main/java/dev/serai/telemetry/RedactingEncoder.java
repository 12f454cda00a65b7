package dev.serai.telemetry;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.EncoderBase;

/** What an appender writes, stack traces included, without secrets. */
final class RedactingEncoder extends EncoderBase<ILoggingEvent> {
  private final Encoder<ILoggingEvent> encoder;
  private final Redactor redactor;

  RedactingEncoder(Encoder<ILoggingEvent> encoder, Redactor redactor) {
    this.encoder = encoder;
    this.redactor = redactor;
  }

  @Override
  public byte[] headerBytes() {
    return encoder.headerBytes();
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    return redactor.redact(encoder.encode(event));
  }

  @Override
  public byte[] footerBytes() {
    return encoder.footerBytes();
  }

  @Override
  public void stop() {
    super.stop();
    encoder.stop();
  }
}
