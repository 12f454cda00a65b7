package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chat request in OpenAI's form into neutral terms. Runs on bytes that {@code ChatRequest}
 * has checked, and checks what providers of other dialects need beyond that.
 */
public final class ChatReader {

  /** Fields of OpenAI's that change nothing which another provider could also do: left out. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "frequency_penalty",
          "presence_penalty",
          "logit_bias",
          "logprobs",
          "top_logprobs",
          "seed",
          "store",
          "metadata",
          "service_tier",
          "prediction",
          "verbosity",
          "web_search_options",
          "prompt_cache_key",
          "prompt_cache_retention",
          "stream_options",
          "user");

  private final ObjectNode rest = Json.TREES.createObjectNode();
  private String model = "";
  private boolean stream;
  private List<Message> messages = List.of();
  private List<Tool> tools = List.of();
  private @Nullable ToolChoice toolChoice;
  private @Nullable Boolean parallelToolCalls;
  private List<String> stop = List.of();
  private @Nullable BigDecimal temperature;
  private @Nullable BigDecimal topP;
  private @Nullable Long maxTokens;
  private @Nullable Long maxCompletionTokens;
  private @Nullable AnswerFormat answerFormat;
  private Reasoning.@Nullable Effort effort;
  private @Nullable Reasoning reasoning;
  private @Nullable String endUser;

  private ChatReader() {}

  /**
   * Reads a request.
   *
   * @param body a JSON object in UTF-8
   * @throws InvalidRequestException when a field has the wrong type, or asks for what only OpenAI's
   *     API can do: several choices, audio, functions in the old form, unknown kinds of content
   */
  public static Prompt read(byte[] body) {
    if (!(Json.tree(body, 0, body.length) instanceof ObjectNode request)) {
      throw new InvalidRequestException(
          "The request body holds a number that is too large, or is no JSON object.",
          null,
          "invalid_json");
    }
    ChatReader reader = new ChatReader();
    for (Map.Entry<String, JsonNode> field : request.properties()) {
      if (!field.getValue().isNull()) {
        reader.field(field.getKey(), field.getValue());
      }
    }
    return reader.prompt();
  }

  private Prompt prompt() {
    Reasoning asked =
        reasoning != null ? reasoning : effort == null ? null : new Reasoning(effort, null);
    return new Prompt(
        model,
        stream,
        messages,
        tools,
        toolChoice,
        parallelToolCalls,
        stop,
        temperature,
        topP,
        maxCompletionTokens != null ? maxCompletionTokens : maxTokens,
        answerFormat,
        asked,
        endUser,
        rest);
  }

  private void field(String name, JsonNode value) {
    switch (name) {
      case "model" -> model = value.asText();
      case "stream" -> stream = value.asBoolean();
      case "messages" -> messages = MessageReader.read(value);
      case "tools" -> tools = ToolReader.tools(value);
      case "tool_choice" -> toolChoice = ToolReader.choice(value);
      case "parallel_tool_calls" -> parallelToolCalls = value.asBoolean();
      case "stop" -> stop = stop(value);
      case "temperature" -> temperature = number(name, value);
      case "top_p" -> topP = number(name, value);
      case "max_tokens" -> maxTokens = tokens(name, value);
      case "max_completion_tokens" -> maxCompletionTokens = tokens(name, value);
      case "response_format" -> answerFormat = answerFormat(value);
      case "reasoning_effort" -> effort = effort(name, value);
      case "reasoning" -> reasoning = reasoning(value);
      case "safety_identifier" -> endUser = value.asText();
      default -> other(name, value);
    }
  }

  private void other(String name, JsonNode value) {
    switch (name) {
      case "n" -> {
        if (value.asLong() > 1) {
          throw Invalid.unsupported(
              name, "must be 1 for this model: it gives one answer per call.");
        }
      }
      case "functions", "function_call" -> {
        if (!value.isEmpty() || value.isTextual()) {
          throw Invalid.unsupported(
              name, "is an old form that this model does not take: send \"tools\" instead.");
        }
      }
      case "modalities" -> {
        for (JsonNode modality : value) {
          if (!modality.asText().equals("text")) {
            throw Invalid.unsupported(name, "must be [\"text\"] for this model: it only writes.");
          }
        }
      }
      case "audio" ->
          throw Invalid.unsupported(name, "cannot be had from this model: leave it out.");
      default -> {
        if (!LEFT_OUT.contains(name)) {
          rest.set(name, value);
        }
      }
    }
  }

  private static List<String> stop(JsonNode value) {
    if (value.isTextual()) {
      return List.of(value.textValue());
    }
    List<String> texts = new ArrayList<>();
    for (JsonNode text : value) {
      if (!text.isTextual()) {
        throw Invalid.type("stop", "a string or an array of strings");
      }
      texts.add(text.textValue());
    }
    return List.copyOf(texts);
  }

  private static BigDecimal number(String name, JsonNode value) {
    if (!value.isNumber()) {
      throw Invalid.type(name, "a number");
    }
    return value.decimalValue();
  }

  private static long tokens(String name, JsonNode value) {
    if (!value.isNumber() || !value.canConvertToLong()) {
      throw Invalid.type(name, "an integer");
    }
    return value.longValue();
  }

  private static @Nullable AnswerFormat answerFormat(JsonNode format) {
    return switch (format.path("type").asText()) {
      case "text" -> null;
      case "json_object" -> new AnswerFormat.AnyJson();
      case "json_schema" -> {
        JsonNode named = format.path("json_schema");
        if (!(named.path("schema") instanceof ObjectNode schema)) {
          throw Invalid.type("response_format.json_schema.schema", "a JSON schema as an object");
        }
        yield new AnswerFormat.Schema(
            named.path("name").asText("answer"), named.path("description").textValue(), schema);
      }
      default ->
          throw Invalid.value(
              "response_format.type", "is unknown: send text, json_object or json_schema.");
    };
  }

  private static Reasoning.Effort effort(String name, JsonNode value) {
    try {
      return Reasoning.Effort.valueOf(value.asText().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw Invalid.value(name, "is unknown: send none, minimal, low, medium, high or xhigh.");
    }
  }

  private static @Nullable Reasoning reasoning(JsonNode value) {
    if (!value.isObject()) {
      throw Invalid.type("reasoning", "an object with effort or max_tokens");
    }
    JsonNode enabled = value.path("enabled");
    if (enabled.isBoolean() && !enabled.booleanValue()) {
      return new Reasoning(Reasoning.Effort.NONE, null);
    }
    boolean budget = value.hasNonNull("max_tokens");
    boolean effort = value.hasNonNull("effort");
    if (!budget && !effort && !enabled.booleanValue()) {
      return null;
    }
    return new Reasoning(
        effort ? effort("reasoning.effort", value.path("effort")) : null,
        budget ? (Long) tokens("reasoning.max_tokens", value.path("max_tokens")) : null);
  }
}
