package dev.serai.provider;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Vectors in OpenAI's shape. */
public final class Embedded {
  private static final int USUAL_DIMENSIONS = 4;

  private Embedded() {}

  /** The vector that the test provider has for an input, which is nobody else's. */
  public static float[] vector(JsonNode input, int dimensions) {
    float[] vector = new float[dimensions];
    int hash = input.toString().hashCode();
    for (int i = 0; i < dimensions; i++) {
      hash = hash * 31 + i;
      vector[i] = (hash % 10_000) / 10_000f;
    }
    return vector;
  }

  /** As {@link #vector(JsonNode, int)}, for a text, as long as the test provider makes it. */
  public static float[] vector(String text) {
    return vector(JsonNodeFactory.instance.textNode(text), USUAL_DIMENSIONS);
  }

  /** The floats that stand in base64 as OpenAI has it. */
  public static float[] decoded(String base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    float[] vector = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(vector);
    return vector;
  }

  /** How many vectors a call asks for. */
  public static int asked(Call call) {
    return inputs(call).size();
  }

  static byte[] whole(Call call) {
    JsonNode request = call.json();
    int dimensions = request.path("dimensions").asInt(USUAL_DIMENSIONS);
    boolean base64 = request.path("encoding_format").asText().equals("base64");
    StringBuilder data = new StringBuilder();
    List<JsonNode> inputs = inputs(call);
    for (int i = 0; i < inputs.size(); i++) {
      float[] vector = vector(inputs.get(i), dimensions);
      data.append(i == 0 ? "\n" : ",\n")
          .append("    { \"object\": \"embedding\", \"index\": ")
          .append(i)
          .append(", \"embedding\": ")
          .append(base64 ? '"' + base64(vector) + '"' : floats(vector))
          .append(" }");
    }
    long prompt = Tokens.ofCall(call.number()).prompt();
    return Completion.utf8(
        """
        {
          "object": "list",
          "data": [%s
          ],
          "model": %s,
          "usage": { "prompt_tokens": %d, "total_tokens": %d }
        }
        """
            .formatted(data, request.path("model"), prompt, prompt));
  }

  private static List<JsonNode> inputs(Call call) {
    JsonNode input = call.json().path("input");
    if (input.isTextual() || input.path(0).isNumber()) {
      return List.of(input);
    }
    List<JsonNode> inputs = new ArrayList<>();
    input.forEach(inputs::add);
    return inputs;
  }

  private static String floats(float[] vector) {
    StringBuilder text = new StringBuilder();
    for (float value : vector) {
      text.append(text.isEmpty() ? "[\n      " : ",\n      ").append(value);
    }
    return text.append("\n    ]").toString();
  }

  private static String base64(float[] vector) {
    ByteBuffer bytes =
        ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vector);
    return Base64.getEncoder().encodeToString(bytes.array());
  }
}
