package dev.serai.dialect;

import dev.serai.telemetry.Redactor;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Errors in OpenAI's shape; their messages go through the {@link Redactor}.
 *
 * @see <a href="https://platform.openai.com/docs/guides/error-codes">OpenAI's error codes</a>
 */
public final class ErrorBody {

  private ErrorBody() {}

  /** The body of an error answer, UTF-8. */
  public static byte[] json(
      String message, String type, @Nullable String param, @Nullable String code) {
    return text(message, type, param, code).getBytes(StandardCharsets.UTF_8);
  }

  /** The error as one event of a stream that has already begun; the stream ends with it. */
  public static byte[] event(
      String message, String type, @Nullable String param, @Nullable String code) {
    return ("data: " + text(message, type, param, code) + "\n\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String text(
      String message, String type, @Nullable String param, @Nullable String code) {
    return "{\"error\":{\"message\":"
        + Json.quote(Redactor.ofProcess().redact(message))
        + ",\"type\":"
        + Json.quote(type)
        + ",\"param\":"
        + orNull(param)
        + ",\"code\":"
        + orNull(code)
        + "}}";
  }

  private static String orNull(@Nullable String text) {
    return text == null ? "null" : Json.quote(text);
  }
}
