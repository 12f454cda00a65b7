package dev.serai.telemetry;

import java.io.ByteArrayOutputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.LongAdder;

/**
 * Takes secrets out of what is about to be written down: those that the gateway was told of, and
 * whatever has the form of a key, and puts {@code ***} in their place. Of the secrets it keeps
 * salted digests only.
 */
public final class Redactor {

  /** There is one log in a process, and so one of these; it holds no secret. */
  private static final Redactor PROCESS = new Redactor();

  private static final byte[] STARS = {'*', '*', '*'};

  private final KnownSecrets known = new KnownSecrets();
  private final LongAdder redactions = new LongAdder();

  /** The one that log and errors go through. */
  public static Redactor ofProcess() {
    return PROCESS;
  }

  /**
   * From now on this value is taken out, also where it is written as part of an address. Values of
   * less than eight bytes are not: they would be found in ordinary words.
   */
  public void learn(String secret) {
    known.add(secret.getBytes(StandardCharsets.UTF_8));
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    if (!encoded.equals(secret)) {
      known.add(encoded.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** The text without secrets; the same text when there are none. */
  public String redact(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    byte[] redacted = redact(bytes);
    return redacted == bytes ? text : new String(redacted, StandardCharsets.UTF_8);
  }

  /** The UTF-8 text without secrets; the same array when there are none. */
  public byte[] redact(byte[] text) {
    ByteArrayOutputStream redacted = null;
    KnownSecrets.Filter filter = known.filter();
    long window = 0;
    int copied = 0;
    for (int i = 0; i < text.length; i++) {
      window = (window << 8) | (text[i] & 0xff);
      int from = i - 7;
      int end = from >= copied && filter.mayBegin(window) ? known.end(text, from, window) : -1;
      if (end < 0 && KeyForms.mayEndPrefix(window)) {
        end = KeyForms.end(text, i, window);
        from = Math.max(copied, KeyForms.start(text, i, window));
      }
      if (end > 0) {
        redacted = redacted == null ? new ByteArrayOutputStream(text.length) : redacted;
        redacted.write(text, copied, from - copied);
        redacted.writeBytes(STARS);
        copied = end;
        i = end - 1;
        window = 0;
        redactions.increment();
      }
    }
    if (redacted == null) {
      return text;
    }
    redacted.write(text, copied, text.length - copied);
    return redacted.toByteArray();
  }

  /** How often something was taken out: anything but 0 is a defect somewhere. */
  public long redactions() {
    return redactions.sum();
  }
}
