package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What holds for the body of every request, whatever it asks for: one JSON object in UTF-8. */
final class RequestBody {

  /** Reads the fields of an object whose start is the current token, to its end. */
  @FunctionalInterface
  interface Reading<T> {
    T read(byte[] body, JsonParser json) throws IOException;
  }

  private RequestBody() {}

  /**
   * Reads a body.
   *
   * @param field what the object must have, for messages
   * @throws InvalidRequestException when it is not one JSON object in UTF-8
   */
  static <T> T read(byte[] sent, String field, Reading<T> reading) {
    byte[] body = Utf8.hasMark(sent) ? Arrays.copyOfRange(sent, 3, sent.length) : sent;
    if (body.length == 0) {
      throw notJson("The request body is empty. Send a JSON object with \"" + field + "\".");
    }
    // A NUL among the first bytes is how the JSON reader would recognise UTF-16 and UTF-32.
    boolean wide = body[0] == 0 || (body.length > 1 && body[1] == 0);
    if (wide || Utf8.hasMark(body) || !Utf8.isValid(body)) {
      throw notJson("The request body is not valid UTF-8. Encode the JSON as UTF-8.");
    }
    try (JsonParser json = Json.REQUESTS.createParser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw notJson("The request body must be a JSON object with \"" + field + "\".");
      }
      T request = reading.read(body, json);
      if (json.nextToken() != null) {
        throw notJson("Something follows the JSON object. Send exactly one JSON object.");
      }
      return request;
    } catch (StreamConstraintsException e) {
      throw notJson(
          "The request body is nested deeper than "
              + Json.REQUEST_DEPTH
              + " levels, or has a number or a key of absurd length"
              + place(e)
              + ". Make it simpler.");
    } catch (JsonProcessingException e) {
      String message = e.getOriginalMessage();
      if (message != null && message.startsWith("Duplicate")) {
        throw notJson(
            "The request body has the same key twice in one object" + place(e) + ". Remove one.");
      }
      throw notJson(
          "The request body is not valid JSON" + place(e) + ". Send one JSON object in UTF-8.");
    } catch (IOException e) {
      throw notJson("The request body cannot be read as JSON. Send one JSON object in UTF-8.");
    }
  }

  /** The names of the object's fields. */
  static Set<String> fields(byte[] sent) {
    return read(
        sent,
        "messages",
        (body, json) -> {
          Set<String> fields = new HashSet<>();
          for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            fields.add(name);
            json.nextToken();
            json.skipChildren();
          }
          return fields;
        });
  }

  /** The whole number that is the current token; null for null. */
  static @Nullable Long integer(JsonParser json, String name) throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    BigDecimal number = json.currentToken().isNumeric() ? Json.decimal(json) : null;
    if (number == null) {
      throw wrongType(name, "an integer");
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw wrongType(name, "an integer");
    }
  }

  /** Where the current token starts. */
  static int start(JsonParser json) {
    return (int) json.currentTokenLocation().getByteOffset();
  }

  /** Where the reader has come to. */
  static int end(JsonParser json) {
    return (int) json.currentLocation().getByteOffset();
  }

  /** Skips the value whose start is the current token, and says where it stands. */
  static Span value(JsonParser json) throws IOException {
    int start = start(json);
    json.skipChildren();
    json.finishToken();
    return new Span(start, end(json));
  }

  /** The model's name, whose value is the current token; null for null. */
  static @Nullable String model(JsonParser json) throws IOException {
    JsonToken value = json.currentToken();
    if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
      throw wrongType("model", "a string");
    }
    return value == JsonToken.VALUE_STRING ? json.getText() : null;
  }

  static InvalidRequestException wrongType(String param, String wanted) {
    return new InvalidRequestException(
        "\"" + param + "\" has the wrong type. Send " + wanted + ".", param, "invalid_type");
  }

  private static InvalidRequestException notJson(String message) {
    return new InvalidRequestException(message, null, "invalid_json");
  }

  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }
}
