package dev.serai.dialect;

import org.jspecify.annotations.Nullable;

/**
 * A request that no provider could read. The message tells the caller what to change and never
 * repeats what was sent. It has neither a stack trace nor a cause, because both cost and the JSON
 * reader's message quotes its input.
 */
public final class InvalidRequestException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final @Nullable String param;
  private final String code;

  /**
   * Describes what is wrong.
   *
   * @param message what to change; never repeats what was sent
   * @param param the field that is wrong; null for the body as a whole
   * @param code see {@link #code}
   */
  public InvalidRequestException(String message, @Nullable String param, String code) {
    super(message, null, false, false);
    this.param = param;
    this.code = code;
  }

  /** The field that is wrong, such as {@code messages[2].role}; null for the body as a whole. */
  public @Nullable String param() {
    return param;
  }

  /**
   * One of {@code invalid_json}, {@code missing_required_parameter}, {@code invalid_type}, {@code
   * invalid_value} and {@code unsupported_value}.
   */
  public String code() {
    return code;
  }
}
