package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.Invalid;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the embedding models on Bedrock want to be sent and give back. Each family has its own.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html">Titan</a>
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed.html">Cohere</a>
 */
public enum EmbeddingFamily {
  /** Amazon Titan: one text in a call. */
  TITAN(1),
  /** Cohere Embed: up to 96 texts in a call. */
  COHERE(96);

  private static final String DIMENSIONS = "dimensions";
  private static final long MOST_TOKENS = 10_000_000_000L;

  private final int textsPerCall;

  EmbeddingFamily(int textsPerCall) {
    this.textsPerCall = textsPerCall;
  }

  /**
   * One answer.
   *
   * @param vectors in the order of the texts
   * @param tokens of all its texts, up to 10^10; null where the body does not say, or says no
   *     sensible number
   */
  public record Made(List<float[]> vectors, @Nullable Long tokens) {}

  /**
   * The family of a model, an inference profile or the ARN of either.
   *
   * @throws InvalidRequestException when it is no embedding model that is known
   */
  public static EmbeddingFamily of(String modelId) {
    if (modelId.contains("amazon.titan-embed")) {
      return TITAN;
    }
    if (modelId.contains("cohere.embed")) {
      return COHERE;
    }
    throw Invalid.unsupported(
        "model", "makes no embeddings on Bedrock: name one of Amazon Titan or Cohere Embed.");
  }

  /**
   * The bodies of as many calls as the texts need.
   *
   * @param dimensions how long the vectors shall be; null for the model's own
   * @param given the caller's request, for fields of the model's own such as {@code input_type}
   * @throws InvalidRequestException when the model cannot choose its dimensions
   */
  public List<byte[]> requests(
      String modelId, List<String> texts, @Nullable Long dimensions, byte[] given) {
    JsonNode read = this == COHERE ? Json.tree(given, 0, given.length) : null;
    JsonNode own = read == null ? MissingNode.getInstance() : read;
    List<byte[]> bodies = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += textsPerCall) {
      int to = Math.min(texts.size(), from + textsPerCall);
      bodies.add(request(modelId, texts.subList(from, to), dimensions, own));
    }
    return bodies;
  }

  private byte[] request(
      String modelId, List<String> texts, @Nullable Long dimensions, JsonNode given) {
    ObjectNode body = Json.TREES.createObjectNode();
    switch (this) {
      case TITAN -> titan(body, modelId, texts.getFirst(), dimensions);
      case COHERE -> cohere(body, modelId, texts, dimensions, given);
    }
    return Json.write(body);
  }

  private static void titan(
      ObjectNode body, String modelId, String text, @Nullable Long dimensions) {
    body.put("inputText", text);
    if (dimensions == null) {
      return;
    }
    if (modelId.contains("titan-embed-text-v1")) {
      throw fixed();
    }
    if (modelId.contains("titan-embed-image")) {
      body.putObject("embeddingConfig").put("outputEmbeddingLength", dimensions);
    } else {
      body.put(DIMENSIONS, dimensions);
    }
  }

  private static void cohere(
      ObjectNode body,
      String modelId,
      List<String> texts,
      @Nullable Long dimensions,
      JsonNode given) {
    ArrayNode all = body.putArray("texts");
    texts.forEach(all::add);
    body.put("input_type", given.path("input_type").asText("search_document"));
    if (given.path("truncate").isTextual()) {
      body.set("truncate", given.get("truncate"));
    }
    body.putArray("embedding_types").add("float");
    if (dimensions == null) {
      return;
    }
    if (modelId.contains("-v3")) {
      throw fixed();
    }
    body.put("output_dimension", dimensions);
  }

  private static InvalidRequestException fixed() {
    return Invalid.unsupported(DIMENSIONS, "cannot be chosen with this model: leave it out.");
  }

  /**
   * Reads the body of an answer.
   *
   * @return null when it is none
   */
  public @Nullable Made read(byte[] answer) {
    try (JsonParser json = Json.TREES.createParser(answer)) {
      return json.nextToken() == JsonToken.START_OBJECT ? read(json) : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static @Nullable Made read(JsonParser json) throws IOException {
    List<float[]> vectors = new ArrayList<>();
    Long tokens = null;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (name) {
        case "embedding" -> addVectors(json, value, vectors);
        case "embeddings" -> {
          // By type where the request names types, else the vectors themselves.
          if (value == JsonToken.START_OBJECT) {
            while (json.nextFieldName() != null) {
              addVectors(json, json.nextToken(), vectors);
            }
          } else {
            addVectors(json, value, vectors);
          }
        }
        case "inputTextTokenCount" -> {
          tokens = count(json, value);
          json.skipChildren();
        }
        default -> json.skipChildren();
      }
    }
    return vectors.isEmpty() ? null : new Made(vectors, tokens);
  }

  /** Null when it is no sensible number of tokens. */
  private static @Nullable Long count(JsonParser json, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_NUMBER_INT || json.getNumberType() == NumberType.BIG_INTEGER) {
      return null;
    }
    long count = json.getLongValue();
    return count >= 0 && count <= MOST_TOKENS ? (Long) count : null;
  }

  /** A vector, or an array of them. */
  private static void addVectors(JsonParser json, JsonToken start, List<float[]> vectors)
      throws IOException {
    if (start != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    float[] vector = new float[1024];
    int length = 0;
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next == JsonToken.START_ARRAY) {
        addVectors(json, next, vectors);
      } else if (next.isNumeric()) {
        vector = length == vector.length ? Arrays.copyOf(vector, length * 2) : vector;
        vector[length++] = json.getFloatValue();
      } else {
        json.skipChildren();
      }
    }
    if (length > 0) {
      vectors.add(Arrays.copyOf(vector, length));
    }
  }
}
