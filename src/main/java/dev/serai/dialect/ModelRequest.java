package dev.serai.dialect;

import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request to a model in OpenAI's format: what the stages must know, whatever it asks for. */
public sealed interface ModelRequest permits ChatRequest, EmbeddingRequest {

  /**
   * Reads a request of either kind: an embeddings request when it has {@code input} and no {@code
   * messages}, else a chat request.
   *
   * @throws InvalidRequestException when it is no good request of its kind
   */
  static ModelRequest parse(byte[] body) {
    Set<String> fields = RequestBody.fields(body);
    return fields.contains("input") && !fields.contains("messages")
        ? EmbeddingRequest.parse(body)
        : ChatRequest.parse(body);
  }

  /** What {@code model} asks for: a role, a model or a target-qualified model. */
  @Nullable String model();

  /** Whether the body has this field at its top level, be it null. */
  boolean has(String field);

  /** Whether the answer is to be streamed. */
  default boolean stream() {
    return false;
  }

  /** Whether the caller itself asked for a usage chunk at the end of the stream. */
  default boolean includeUsage() {
    return false;
  }

  /** The temperature; any number, null when not given. */
  default @Nullable BigDecimal temperature() {
    return null;
  }

  /**
   * SHA-256 of what decides the answer. The order of keys, white space, the way a string is escaped
   * and the way a number is written do not matter; {@code stream} and {@code stream_options} are
   * left out; every other field counts, also those that Serai does not know.
   *
   * @param targetAndModel takes the place of {@code model}
   * @param effectiveTemperature counts as the temperature when the body has no such field
   */
  byte[] fingerprint(String targetAndModel, @Nullable BigDecimal effectiveTemperature);
}
