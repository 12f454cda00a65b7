package dev.serai.dialect.bedrock;

import dev.serai.dialect.Json;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Whose request it is, for the owner of the AWS account to filter logs by.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-request-metadata.html">Per-request
 *     metadata</a>
 */
public final class RequestMetadata {

  /** Where InvokeModel wants it; Converse has a field. */
  public static final String HEADER = "X-Amzn-Bedrock-Request-Metadata";

  private static final String KEY = "user_id";
  private static final Pattern VALUE = Pattern.compile("[a-zA-Z0-9\\s:_@$#=/+,.-]{1,256}");

  private RequestMetadata() {}

  /** Empty when there is none, or none that Bedrock would take. */
  static Map<String, String> of(@Nullable String endUser) {
    return endUser != null && VALUE.matcher(endUser).matches() ? Map.of(KEY, endUser) : Map.of();
  }

  /**
   * The header's value, which is JSON; null when there is none, or none that Bedrock would take.
   */
  public static @Nullable String header(@Nullable String endUser) {
    String value = of(endUser).get(KEY);
    return value == null ? null : "{\"" + KEY + "\":" + Json.quote(value) + "}";
  }
}
