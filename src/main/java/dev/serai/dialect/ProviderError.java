package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a provider says went wrong.
 *
 * @param status the HTTP status; for an error inside a 200 its own code where that is an HTTP
 *     status (OpenRouter does this), else 200
 * @param message the provider's words; may repeat parts of a prompt or a key, so not for logs
 * @param type such as {@code invalid_request_error}
 * @param param the field it is about
 * @param code such as {@code insufficient_quota}; a number is kept as its digits
 * @param openAiShaped whether the body has OpenAI's form: an object {@code error} with a message
 */
public record ProviderError(
    int status,
    @Nullable String message,
    @Nullable String type,
    @Nullable String param,
    @Nullable String code,
    boolean openAiShaped) {

  /**
   * Reads the body of an error answer.
   *
   * @param status the HTTP status
   * @param body anything: JSON, HTML, nothing; what cannot be read leaves the fields null
   */
  public static ProviderError read(int status, byte[] body) {
    try (JsonParser json = Json.ANSWERS.createParser(body)) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        ProviderError top = readTop(json, status);
        if (top != null) {
          return top;
        }
      }
    } catch (IOException e) {
      return unknown(status);
    }
    return unknown(status);
  }

  /** An error of which nothing but the status is known. */
  static ProviderError unknown(int status) {
    return new ProviderError(status, null, null, null, null, false);
  }

  // Older vLLM and some proxies put the fields at the top instead of inside "error".
  private static @Nullable ProviderError readTop(JsonParser json, int status) throws IOException {
    ProviderError inner = null;
    Fields flat = new Fields();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      if (name.equals("error")) {
        inner = readValue(json, status);
      } else {
        flat.take(name, json);
      }
    }
    if (inner != null || flat.message == null) {
      return inner;
    }
    return new ProviderError(status, flat.message, flat.type, flat.param, flat.code, false);
  }

  /** An error inside a 200: its own code is its status where it is one. */
  static @Nullable ProviderError readInside(JsonParser json) throws IOException {
    ProviderError read = readValue(json, 200);
    if (read == null || read.code == null || !read.code.matches("[45][0-9]{2}")) {
      return read;
    }
    int status = Integer.parseInt(read.code);
    return new ProviderError(
        status, read.message, read.type, read.param, read.code, read.openAiShaped);
  }

  private static @Nullable ProviderError readValue(JsonParser json, int status) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      return new ProviderError(status, json.getText(), null, null, null, false);
    }
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return null;
    }
    Fields fields = new Fields();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      fields.take(name, json);
    }
    return new ProviderError(
        status, fields.message, fields.type, fields.param, fields.code, fields.message != null);
  }

  /**
   * Whether the account has no credit left, so that trying again is useless: status 402, or
   * OpenAI's codes for a spent quota and for billing.
   *
   * @see <a href="https://platform.openai.com/docs/guides/error-codes">OpenAI's error codes</a>
   */
  public boolean insufficientQuota() {
    return status == 402 || meansQuota(code) || meansQuota(type);
  }

  /**
   * The error as the body of an answer, for one that came inside a 200; empty without a message.
   */
  public byte[] json() {
    if (message == null) {
      return new byte[0];
    }
    boolean isStatus = code != null && code.equals(Integer.toString(status));
    return ErrorBody.json(
        message, type == null ? "invalid_request_error" : type, param, isStatus ? null : code);
  }

  private static boolean meansQuota(@Nullable String word) {
    return "insufficient_quota".equals(word)
        || "billing_hard_limit_reached".equals(word)
        || "billing_not_active".equals(word);
  }

  /** Leaves the message out. */
  @Override
  public String toString() {
    return "ProviderError[status=" + status + ", insufficientQuota=" + insufficientQuota() + "]";
  }

  private static final class Fields {
    private @Nullable String message;
    private @Nullable String type;
    private @Nullable String param;
    private @Nullable String code;

    void take(String name, JsonParser json) throws IOException {
      String text = json.currentToken() == JsonToken.VALUE_STRING ? json.getText() : null;
      switch (name) {
        case "message" -> message = text;
        case "type" -> type = text;
        case "param" -> param = text;
        case "code" -> code = json.currentToken().isNumeric() ? json.getText() : text;
        default -> {}
      }
      json.skipChildren();
    }
  }
}
