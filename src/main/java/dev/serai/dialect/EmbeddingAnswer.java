package dev.serai.dialect;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes vectors as OpenAI's embeddings answer.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/embeddings/object">OpenAI's
 *     reference</a>
 */
public final class EmbeddingAnswer {

  private EmbeddingAnswer() {}

  /**
   * The answer in UTF-8.
   *
   * @param vectors in the order of the inputs
   * @param base64 whether as base64 of little-endian floats, or as numbers
   * @param model the model that made them
   * @param tokens of all inputs; null where that is not known
   */
  public static byte[] json(
      List<float[]> vectors, boolean base64, String model, @Nullable Long tokens) {
    int length = vectors.isEmpty() ? 0 : vectors.getFirst().length;
    StringBuilder json = new StringBuilder(vectors.size() * length * (base64 ? 6 : 14) + 128);
    json.append("{\"object\":\"list\",\"data\":[");
    for (int i = 0; i < vectors.size(); i++) {
      json.append(i == 0 ? "" : ",");
      json.append("{\"object\":\"embedding\",\"index\":").append(i).append(",\"embedding\":");
      if (base64) {
        json.append('"').append(base64(vectors.get(i))).append('"');
      } else {
        floats(json, vectors.get(i));
      }
      json.append('}');
    }
    json.append("],\"model\":").append(Json.quote(model));
    if (tokens != null) {
      json.append(",\"usage\":{\"prompt_tokens\":").append(tokens);
      json.append(",\"total_tokens\":").append(tokens).append('}');
    }
    return json.append('}').toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void floats(StringBuilder json, float[] vector) {
    json.append('[');
    for (int i = 0; i < vector.length; i++) {
      json.append(i == 0 ? "" : ",").append(vector[i]);
    }
    json.append(']');
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
