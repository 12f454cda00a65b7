package dev.serai.dialect.chat;

import dev.serai.dialect.InvalidRequestException;

/** What can be wrong with a request; the texts never repeat what was sent. */
public final class Invalid {

  private Invalid() {}

  /** A field of the wrong type: {@code wanted} completes "Send …". */
  public static InvalidRequestException type(String param, String wanted) {
    return new InvalidRequestException(
        "\"" + param + "\" has the wrong type. Send " + wanted + ".", param, "invalid_type");
  }

  /** A value that cannot be used: {@code why} completes the field's name to a sentence. */
  public static InvalidRequestException value(String param, String why) {
    return new InvalidRequestException("\"" + param + "\" " + why, param, "invalid_value");
  }

  /** Something that this provider cannot do, though others may. */
  public static InvalidRequestException unsupported(String param, String why) {
    return new InvalidRequestException("\"" + param + "\" " + why, param, "unsupported_value");
  }
}
