package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.dialect.ErrorBody;
import dev.serai.dialect.Json;

/**
 * Anthropic's errors in OpenAI's form.
 *
 * @see <a href="https://docs.anthropic.com/en/api/errors">Errors at Anthropic</a>
 */
public final class MessagesError {

  /** How the message of a 400 begins when the account is empty; it has no type of its own. */
  private static final String NO_CREDIT = "Your credit balance is too low";

  private MessagesError() {}

  /** The body of an error answer; what is not Anthropic's comes back as it is. */
  public static byte[] body(int status, byte[] body) {
    JsonNode answer = Json.tree(body, 0, body.length);
    JsonNode error = answer == null ? null : answer.get("error");
    if (error == null || !error.path("message").isTextual()) {
      return body;
    }
    String message = error.path("message").asText();
    String type = error.path("type").asText("invalid_request_error");
    return status == 400 && message.startsWith(NO_CREDIT)
        ? ErrorBody.json(message, "insufficient_quota", null, "insufficient_quota")
        : switch (type) {
          case "not_found_error" -> ErrorBody.json(message, type, "model", "model_not_found");
          case "request_too_large" -> ErrorBody.json(message, type, null, type);
          default -> ErrorBody.json(message, type, null, null);
        };
  }

  /** The HTTP status that an error of this type has. */
  static int status(String type) {
    return switch (type) {
      case "invalid_request_error" -> 400;
      case "authentication_error" -> 401;
      case "billing_error" -> 402;
      case "permission_error" -> 403;
      case "not_found_error" -> 404;
      case "request_too_large" -> 413;
      case "rate_limit_error" -> 429;
      case "timeout_error" -> 504;
      case "overloaded_error" -> 529;
      default -> 500;
    };
  }

  /** An error inside a stream or a 200; its code is the status it would have had. */
  static byte[] event(JsonNode error) {
    String type = error.path("type").asText("api_error");
    return ErrorBody.event(
        error.path("message").asText("The provider failed"),
        type,
        null,
        Integer.toString(status(type)));
  }

  /** An event that cannot be read. */
  static byte[] unreadable() {
    return ErrorBody.event("The provider sent an event that is no JSON", "api_error", null, "502");
  }
}
