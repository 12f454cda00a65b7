package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Consumer;

/** The text of a request's messages. Runs on bytes that were checked before. */
final class PromptText {

  private PromptText() {}

  /** Gives every text of the messages that a provider counts. */
  static void forEach(byte[] body, Span messages, Consumer<String> text) {
    try (JsonParser json = Json.ANSWERS.createParser(body, messages.start(), messages.length())) {
      json.nextToken();
      collect(json, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of the last message of role user, its parts on lines of their own. */
  static String lastUserText(byte[] body, Span messages) {
    String last = "";
    try (JsonParser json = Json.ANSWERS.createParser(body, messages.start(), messages.length())) {
      json.nextToken();
      while (json.nextToken() != JsonToken.END_ARRAY) {
        StringBuilder content = new StringBuilder();
        boolean user = false;
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          json.nextToken();
          switch (name) {
            case "role" -> user = json.getText().equals("user");
            case "content" -> collectValue(json, line -> join(content, line));
            default -> json.skipChildren();
          }
        }
        if (user) {
          last = content.toString();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return last;
  }

  private static void join(StringBuilder content, String line) {
    if (!content.isEmpty()) {
      content.append('\n');
    }
    content.append(line);
  }

  private static void collect(JsonParser json, Consumer<String> text) throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        collect(json, text);
      }
    } else if (json.currentToken() == JsonToken.START_OBJECT) {
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "content",
              "text",
              "name",
              "arguments",
              "refusal",
              "reasoning",
              "reasoning_content" ->
              collectValue(json, text);
          case "tool_calls", "function", "function_call", "custom", "input" -> {
            if (json.currentToken() == JsonToken.VALUE_STRING) {
              text.accept(json.getText());
            } else {
              collect(json, text);
            }
          }
          default -> json.skipChildren();
        }
      }
    }
  }

  private static void collectValue(JsonParser json, Consumer<String> text) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      text.accept(json.getText());
    } else if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        collectValue(json, text);
      }
    } else {
      collect(json, text);
    }
  }
}
