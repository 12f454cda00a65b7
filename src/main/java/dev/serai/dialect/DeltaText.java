package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** The generated text of one chunk. */
final class DeltaText {

  private final JsonParser json;
  private final boolean everything;
  private final StringBuilder out;

  private DeltaText(JsonParser json, boolean everything, StringBuilder out) {
    this.json = json;
    this.everything = everything;
    this.out = out;
  }

  /** Appends the content of the choice with index 0. */
  static void content(byte[] bytes, Span place, StringBuilder out) {
    read(bytes, place, false, out);
  }

  /** Appends all text of all choices. */
  static void everything(byte[] bytes, Span place, StringBuilder out) {
    read(bytes, place, true, out);
  }

  private static void read(byte[] bytes, Span place, boolean everything, StringBuilder out) {
    int before = out.length();
    try (JsonParser json = Json.ANSWERS.createParser(bytes, place.start(), place.length())) {
      if (json.nextToken() == JsonToken.START_OBJECT) {
        new DeltaText(json, everything, out).chunk();
      }
    } catch (IOException e) {
      out.setLength(before);
    }
  }

  private void chunk() throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      if (name.equals("choices") && json.isExpectedStartArrayToken()) {
        while (json.nextToken() != JsonToken.END_ARRAY) {
          choice();
        }
      } else {
        json.skipChildren();
      }
    }
  }

  private void choice() throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      json.skipChildren();
      return;
    }
    int before = out.length();
    boolean first = true;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (name.equals("index") && value == JsonToken.VALUE_NUMBER_INT) {
        first = json.getText().equals("0");
      } else if (name.equals("delta") || name.equals("message")) {
        texts();
      } else {
        json.skipChildren();
      }
    }
    if (!first && !everything) {
      out.setLength(before);
    }
  }

  private void texts() throws IOException {
    if (json.currentToken() == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        texts();
      }
    } else if (json.currentToken() == JsonToken.START_OBJECT) {
      boolean reasoned = false;
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        json.nextToken();
        switch (name) {
          case "content", "text" -> append(true);
          // Some providers send the same reasoning under both names.
          case "reasoning", "reasoning_content" -> {
            reasoned |= append(everything && !reasoned);
          }
          case "refusal", "arguments", "name" -> append(everything);
          case "tool_calls", "function", "function_call" -> {
            if (everything) {
              texts();
            } else {
              json.skipChildren();
            }
          }
          default -> json.skipChildren();
        }
      }
    }
  }

  private boolean append(boolean wanted) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      if (wanted) {
        out.append(json.getTextCharacters(), json.getTextOffset(), json.getTextLength());
      }
      return wanted && json.getTextLength() > 0;
    }
    if (wanted) {
      texts();
    } else {
      json.skipChildren();
    }
    return false;
  }
}
