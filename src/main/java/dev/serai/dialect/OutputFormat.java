package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import org.jspecify.annotations.Nullable;

/**
 * What a request's {@code response_format} says about its answer. Safe for use by many threads.
 *
 * @see <a href="https://platform.openai.com/docs/guides/structured-outputs">OpenAI's guide</a>
 */
public final class OutputFormat {

  private static final String PARAM = "response_format";

  private static final ObjectReader ONE_DOCUMENT =
      Json.TREES.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private final boolean object;
  private final @Nullable JsonSchema schema;

  private OutputFormat(boolean object, @Nullable JsonSchema schema) {
    this.object = object;
    this.schema = schema;
  }

  /**
   * Reads a {@code response_format}.
   *
   * @param responseFormat its JSON; null when the request has none: then an answer has to be some
   *     JSON document
   * @throws InvalidRequestException when it is none that an answer can be checked against, as with
   *     a schema that is no JSON schema or that refers to what is not in it
   */
  public static OutputFormat of(@Nullable String responseFormat) {
    if (responseFormat == null) {
      return new OutputFormat(false, null);
    }
    JsonNode format = tree(responseFormat);
    return switch (format.path("type").asText("")) {
      case "text" -> new OutputFormat(false, null);
      case "json_object" -> new OutputFormat(true, null);
      case "json_schema" -> {
        JsonNode schema = format.path("json_schema").path("schema");
        boolean missing = schema.isMissingNode() || schema.isNull();
        yield new OutputFormat(missing, missing ? null : JsonSchema.of(schema));
      }
      default ->
          throw new InvalidRequestException(
              "An answer of this format cannot be checked: ask for json_object or json_schema, or"
                  + " leave x-serai-validate out.",
              PARAM + ".type",
              "invalid_value");
    };
  }

  private static JsonNode tree(String json) {
    try {
      return Json.TREES.readTree(json);
    } catch (JsonProcessingException | NumberFormatException | ArithmeticException e) {
      throw new InvalidRequestException(
          "\"" + PARAM + "\" holds a number that cannot be read.", PARAM, "invalid_value");
    }
  }

  /**
   * What is wrong with an answer, in words that a model can act on; null when nothing is. A choice
   * that calls a tool, or in which the model refuses, is not the output and is passed over.
   *
   * @param answer a whole answer
   */
  public @Nullable String problem(byte[] answer) {
    JsonNode tree = Json.tree(answer, 0, answer.length);
    if (tree == null || tree.path("choices").isEmpty()) {
      return "There was no answer.";
    }
    for (JsonNode choice : tree.path("choices")) {
      JsonNode message = choice.path("message");
      String problem = isOutput(message) ? problem(Answers.text(message.path("content"))) : null;
      if (problem != null) {
        return problem;
      }
    }
    return null;
  }

  private static boolean isOutput(JsonNode message) {
    return message.path("tool_calls").isEmpty()
        && !message.path("function_call").isObject()
        && message.path("refusal").asText("").isEmpty();
  }

  private @Nullable String problem(String output) {
    JsonNode document;
    try {
      document = ONE_DOCUMENT.readTree(output);
    } catch (JsonProcessingException | NumberFormatException | ArithmeticException e) {
      return "It is not one valid JSON document.";
    }
    if (document.isMissingNode()) {
      return "It is empty.";
    }
    if (object && !document.isObject()) {
      return "It is not a JSON object.";
    }
    return schema == null ? null : schema.problem(document);
  }
}
