package dev.serai.chat;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a caller is told when there is no answer; becomes OpenAI's error object on the wire.
 *
 * @param status HTTP status
 * @param type OpenAI's {@code error.type}
 * @param code OpenAI's {@code error.code}: the stable name a program can act on
 * @param message tells a person what to do next; never repeats a key or a prompt
 * @param param the request field at fault; null when none is
 * @param retryAfter when coming back makes sense; null when it does not
 */
public record ApiError(
    int status,
    String type,
    @Nullable String code,
    String message,
    @Nullable String param,
    @Nullable Duration retryAfter) {

  private static final String INVALID = "invalid_request_error";

  /** 400: the request is wrong as it stands. */
  public static ApiError invalidRequest(
      String message, @Nullable String param, @Nullable String code) {
    return new ApiError(400, INVALID, code, message, param, null);
  }

  /** 401: no gateway key, or one that does not open anything. */
  public static ApiError invalidApiKey(String message) {
    return new ApiError(401, INVALID, "invalid_api_key", message, null, null);
  }

  /** 402: the account that would pay has no credit. */
  public static ApiError insufficientQuota(String message) {
    return new ApiError(402, "insufficient_quota", "insufficient_quota", message, null, null);
  }

  /** 402: the tenant has no key of its own to pay with, and nobody else pays. */
  public static ApiError providerKeyRequired(String message) {
    return new ApiError(402, "insufficient_quota", "provider_key_required", message, null, null);
  }

  /** 402: a budget has no room for the call. */
  public static ApiError budgetExceeded(String message) {
    return new ApiError(402, "insufficient_quota", "budget_exceeded", message, null, null);
  }

  /** 404: no such model, role or target. */
  public static ApiError modelNotFound(String message) {
    return new ApiError(404, INVALID, "model_not_found", message, "model", null);
  }

  /** 404: no such path. */
  public static ApiError notFound(String message) {
    return new ApiError(404, INVALID, "not_found", message, null, null);
  }

  /** 405: the path exists, the method does not fit. */
  public static ApiError methodNotAllowed(String message) {
    return new ApiError(405, INVALID, "method_not_allowed", message, null, null);
  }

  /** 409: the conversation has gone on without this request. */
  public static ApiError conversationConflict(String message) {
    return new ApiError(409, INVALID, "conversation_conflict", message, null, null);
  }

  /** 409: what is there already does not allow it. */
  public static ApiError conflict(String message, @Nullable String param, String code) {
    return new ApiError(409, INVALID, code, message, param, null);
  }

  /** 413: more bytes than one request may have. */
  public static ApiError tooLarge(String message) {
    return new ApiError(413, INVALID, "request_too_large", message, null, null);
  }

  /** 415: not JSON, or encoded in a way that is not taken. */
  public static ApiError unsupportedMediaType(String message) {
    return new ApiError(415, INVALID, "unsupported_media_type", message, null, null);
  }

  /** 429: too much at once. */
  public static ApiError rateLimited(String message, @Nullable Duration retryAfter) {
    return new ApiError(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        message,
        null,
        retryAfter == null ? Duration.ofSeconds(1) : retryAfter);
  }

  /** 429: more than the whole of a limit, so that coming back does not help. */
  public static ApiError neverFits(String message) {
    return new ApiError(429, "rate_limit_error", "rate_limit_exceeded", message, null, null);
  }

  /** 500: a defect of the gateway itself. */
  public static ApiError internal(String message) {
    return new ApiError(500, "server_error", "internal_error", message, null, null);
  }

  /** 502: the provider failed. */
  public static ApiError provider(String message) {
    return new ApiError(502, "provider_error", "provider_error", message, null, null);
  }

  /** 502: the answer is not of the format that was asked for. */
  public static ApiError invalidOutput(String message) {
    return new ApiError(502, "invalid_output", "invalid_output", message, null, null);
  }

  /** 503: nothing can take the call now. */
  public static ApiError noTarget(String message, Duration retryAfter) {
    return new ApiError(
        503, "no_target_available", "no_target_available", message, null, retryAfter);
  }

  /** 504: the provider did not answer in time. */
  public static ApiError timeout(String message) {
    return new ApiError(504, "provider_timeout", "provider_timeout", message, null, null);
  }
}
