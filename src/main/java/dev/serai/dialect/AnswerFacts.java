package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What Serai must know of a whole answer or of one chunk; the content is skipped, not built.
 *
 * @param readable whether the bytes are one JSON object in UTF-8; if not, all else is empty
 * @param choices how many choices, or vectors, there are; -1 without an array of them
 * @param usage what was used; null when it is missing or not to be trusted
 * @param serviceTier how it was served; the usage says the same
 * @param usagePresent whether there is a usage object, be it one that cannot be trusted
 * @param model the model that answered, as the provider names it
 * @param finishReasons the reasons of those choices that have one, in order
 * @param error an error inside a 200, as OpenRouter sends it, be it of the whole or of one choice
 */
public record AnswerFacts(
    boolean readable,
    int choices,
    @Nullable Usage usage,
    ServiceTier serviceTier,
    boolean usagePresent,
    @Nullable String model,
    List<String> finishReasons,
    @Nullable ProviderError error) {

  private static final AnswerFacts UNREADABLE =
      new AnswerFacts(false, -1, null, ServiceTier.STANDARD, false, null, List.of(), null);

  /**
   * Reads a whole answer.
   *
   * @param body anything; what is no JSON object is not {@code readable}
   */
  public static AnswerFacts read(byte[] body) {
    return read(body, Operation.CHAT);
  }

  /** As {@link #read(byte[])}, of an answer to that operation. */
  public static AnswerFacts read(byte[] body, Operation operation) {
    return Utf8.isValid(body) ? read(body, new Span(0, body.length), operation) : UNREADABLE;
  }

  static AnswerFacts read(byte[] bytes, Span place) {
    return read(bytes, place, Operation.CHAT);
  }

  private static AnswerFacts read(byte[] bytes, Span place, Operation operation) {
    try (JsonParser json = Json.ANSWERS.createParser(bytes, place.start(), place.length())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return UNREADABLE;
      }
      Reading reading = new Reading(operation == Operation.EMBEDDINGS);
      reading.read(json);
      return json.nextToken() == null ? reading.facts() : UNREADABLE;
    } catch (IOException e) {
      return UNREADABLE;
    }
  }

  /**
   * Whether this is an answer that may be stored and given again: no error, and every choice ended
   * by itself or with a tool call. One that was cut by {@code length} or a filter is not.
   */
  public boolean complete() {
    if (error != null || choices < 1 || finishReasons.size() != choices) {
      return false;
    }
    for (String reason : finishReasons) {
      switch (reason) {
        case "stop", "tool_calls", "function_call" -> {}
        default -> {
          return false;
        }
      }
    }
    return true;
  }

  private static final class Reading {
    private final boolean vectors;
    private int choices = -1;
    private @Nullable Usage usage;
    private ServiceTier serviceTier = ServiceTier.STANDARD;
    private boolean usagePresent;
    private @Nullable String model;
    private List<String> finishReasons = List.of();
    private @Nullable ProviderError error;
    private @Nullable ProviderError choiceError;

    Reading(boolean vectors) {
      this.vectors = vectors;
    }

    AnswerFacts facts() {
      return new AnswerFacts(
          true,
          choices,
          usage == null ? null : usage.servedAs(serviceTier),
          serviceTier,
          usagePresent,
          model,
          finishReasons,
          error != null ? error : choiceError);
    }

    void read(JsonParser json) throws IOException {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        switch (name) {
          case "usage" -> {
            usagePresent = value == JsonToken.START_OBJECT;
            usage = usagePresent ? readUsage(json) : null;
            json.skipChildren();
          }
          case "model" -> {
            model = value == JsonToken.VALUE_STRING ? json.getText() : null;
            json.skipChildren();
          }
          case "service_tier" -> {
            serviceTier = ServiceTier.of(value == JsonToken.VALUE_STRING ? json.getText() : null);
            json.skipChildren();
          }
          case "error" -> error = ProviderError.readInside(json);
          case "choices" -> {
            if (value == JsonToken.START_ARRAY) {
              readChoices(json);
            } else {
              json.skipChildren();
            }
          }
          case "data" -> {
            if (vectors && value == JsonToken.START_ARRAY) {
              countVectors(json);
            } else {
              json.skipChildren();
            }
          }
          default -> json.skipChildren();
        }
      }
    }

    private @Nullable Usage readUsage(JsonParser json) throws IOException {
      return vectors ? UsageReader.readPrompt(json) : UsageReader.read(json);
    }

    private void countVectors(JsonParser json) throws IOException {
      choices = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        choices++;
        json.skipChildren();
      }
    }

    private void readChoices(JsonParser json) throws IOException {
      choices = 0;
      while (json.nextToken() != JsonToken.END_ARRAY) {
        choices++;
        if (json.currentToken() == JsonToken.START_OBJECT) {
          readChoice(json);
        } else {
          json.skipChildren();
        }
      }
    }

    private void readChoice(JsonParser json) throws IOException {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (name.equals("finish_reason") && value == JsonToken.VALUE_STRING) {
          reason(json.getText());
        } else if (name.equals("error")) {
          choiceError = ProviderError.readInside(json);
        } else {
          json.skipChildren();
        }
      }
    }

    private void reason(String reason) {
      if (finishReasons.isEmpty()) {
        finishReasons = List.of(reason);
      } else {
        List<String> more = new ArrayList<>(finishReasons);
        more.add(reason);
        finishReasons = List.copyOf(more);
      }
    }
  }
}
