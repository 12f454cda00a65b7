package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a chat request: checks its types, takes its facts, notes where things stand. */
final class RequestReader {

  final byte[] body;
  final List<String> fields = new ArrayList<>(8);
  final List<Span> promptJson = new ArrayList<>(0);
  @Nullable String model;
  boolean stream;
  boolean includeUsage;
  @Nullable BigDecimal temperature;
  @Nullable Long maxTokens;
  @Nullable Long maxCompletionTokens;
  int choices = 1;
  int messageCount;
  int imageCount;
  int open;
  Span messages = new Span(0, 0);
  @Nullable Span modelValue;
  @Nullable Span streamOptions;
  boolean streamOptionsEmpty;
  @Nullable Span includeUsageValue;

  private final JsonParser json;

  private RequestReader(byte[] body, JsonParser json) {
    this.body = body;
    this.json = json;
  }

  static ChatRequest read(byte[] sent) {
    byte[] body = Utf8.hasMark(sent) ? Arrays.copyOfRange(sent, 3, sent.length) : sent;
    if (body.length == 0) {
      throw notJson("The request body is empty. Send a JSON object with \"messages\".");
    }
    // A NUL among the first bytes is how the JSON reader would recognise UTF-16 and UTF-32.
    boolean wide = body[0] == 0 || (body.length > 1 && body[1] == 0);
    if (wide || Utf8.hasMark(body) || !Utf8.isValid(body)) {
      throw notJson("The request body is not valid UTF-8. Encode the JSON as UTF-8.");
    }
    try (JsonParser json = Json.REQUESTS.createParser(body)) {
      RequestReader reader = new RequestReader(body, json);
      reader.readBody();
      return new ChatRequest(reader);
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

  private void readBody() throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw notJson("The request body must be a JSON object with \"messages\".");
    }
    open = tokenStart();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      fields.add(name);
      field(name, json.nextToken());
    }
    if (json.nextToken() != null) {
      throw notJson("Something follows the JSON object. Send exactly one JSON object.");
    }
    if (!fields.contains("messages")) {
      throw new InvalidRequestException(
          "\"messages\" is missing. Send an array with at least one message.",
          "messages",
          "missing_required_parameter");
    }
  }

  private void field(String name, JsonToken value) throws IOException {
    switch (name) {
      case "messages" -> readMessages(value);
      case "model" -> readModel(value);
      case "stream" -> stream = bool(name, value);
      case "stream_options" -> readStreamOptions(value);
      case "temperature" -> readTemperature(value);
      case "max_tokens" -> maxTokens = integer(name, value);
      case "max_completion_tokens" -> maxCompletionTokens = integer(name, value);
      case "n" -> readChoices(value);
      case "stop" -> {
        if (value != JsonToken.VALUE_STRING
            && value != JsonToken.START_ARRAY
            && value != JsonToken.VALUE_NULL) {
          throw wrongType(name, "a string or an array of strings");
        }
        json.skipChildren();
      }
      case "tools", "functions" -> {
        if (value != JsonToken.START_ARRAY && value != JsonToken.VALUE_NULL) {
          throw wrongType(name, "an array");
        }
        notePromptJson(value);
      }
      case "response_format" -> notePromptJson(value);
      default -> json.skipChildren();
    }
  }

  private void notePromptJson(JsonToken value) throws IOException {
    if (value.isStructStart()) {
      promptJson.add(skipValue());
    }
  }

  private void readModel(JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
      throw wrongType("model", "a string");
    }
    model = value == JsonToken.VALUE_STRING ? json.getText() : null;
    modelValue = skipValue();
  }

  private void readTemperature(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return;
    }
    if (!value.isNumeric()) {
      throw wrongType("temperature", "a number");
    }
    BigDecimal number = Json.decimal(json);
    // Beyond this, printing or comparing such a number could itself take gigabytes.
    if (number == null || Math.abs((long) number.scale()) > 1000) {
      throw new InvalidRequestException(
          "\"temperature\" has an absurd exponent. Send a number such as 0.7.",
          "temperature",
          "invalid_value");
    }
    temperature = number;
  }

  private void readChoices(JsonToken value) throws IOException {
    Long n = integer("n", value);
    choices = n == null ? 1 : Math.clamp(n, 1, Integer.MAX_VALUE);
  }

  private void readStreamOptions(JsonToken value) throws IOException {
    int start = tokenStart();
    if (value == JsonToken.START_OBJECT) {
      streamOptionsEmpty = true;
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        streamOptionsEmpty = false;
        JsonToken option = json.nextToken();
        if (name.equals("include_usage")) {
          includeUsage = bool("stream_options.include_usage", option);
          includeUsageValue = skipValue();
        } else {
          json.skipChildren();
        }
      }
    } else if (value != JsonToken.VALUE_NULL) {
      throw wrongType("stream_options", "an object");
    }
    streamOptions = new Span(start, here());
  }

  private void readMessages(JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      throw wrongType("messages", "an array of messages");
    }
    int start = tokenStart();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next != JsonToken.START_OBJECT) {
        throw wrongType("messages[" + messageCount + "]", "an object with role and content");
      }
      readMessage();
      messageCount++;
    }
    if (messageCount == 0) {
      throw new InvalidRequestException(
          "\"messages\" is empty. Send at least one message.", "messages", "invalid_value");
    }
    messages = new Span(start, here());
  }

  private void readMessage() throws IOException {
    boolean role = false;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (name.equals("role")) {
        if (value != JsonToken.VALUE_STRING) {
          throw wrongType("messages[" + messageCount + "].role", "a string");
        }
        role = true;
      } else if (name.equals("content")) {
        readContent(value);
      } else {
        json.skipChildren();
      }
    }
    if (!role) {
      String param = "messages[" + messageCount + "].role";
      throw new InvalidRequestException(
          "\"" + param + "\" is missing. Say whose message it is, such as \"user\".",
          param,
          "missing_required_parameter");
    }
  }

  private void readContent(JsonToken value) throws IOException {
    if (value == JsonToken.START_ARRAY) {
      while (json.nextToken() != JsonToken.END_ARRAY) {
        if (json.currentToken() == JsonToken.START_OBJECT) {
          readPart();
        } else {
          json.skipChildren();
        }
      }
    } else if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
      throw wrongType("messages[" + messageCount + "].content", "a string, an array or null");
    }
  }

  private void readPart() throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      if (json.nextToken() == JsonToken.VALUE_STRING && name.equals("type")) {
        switch (json.getText()) {
          case "image_url", "input_image", "image" -> imageCount++;
          default -> {}
        }
      } else {
        json.skipChildren();
      }
    }
  }

  private static boolean bool(String name, JsonToken value) {
    if (!value.isBoolean() && value != JsonToken.VALUE_NULL) {
      throw wrongType(name, "true or false");
    }
    return value == JsonToken.VALUE_TRUE;
  }

  private @Nullable Long integer(String name, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return null;
    }
    BigDecimal number = value.isNumeric() ? Json.decimal(json) : null;
    if (number == null) {
      throw wrongType(name, "an integer");
    }
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      throw wrongType(name, "an integer");
    }
  }

  private int tokenStart() {
    return (int) json.currentTokenLocation().getByteOffset();
  }

  private int here() {
    return (int) json.currentLocation().getByteOffset();
  }

  private Span skipValue() throws IOException {
    int start = tokenStart();
    json.skipChildren();
    json.finishToken();
    return new Span(start, here());
  }

  private static String place(JsonProcessingException e) {
    JsonLocation at = e.getLocation();
    return at == null || at.getLineNr() < 1
        ? ""
        : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private static InvalidRequestException wrongType(String param, String wanted) {
    return new InvalidRequestException(
        "\"" + param + "\" has the wrong type. Send " + wanted + ".", param, "invalid_type");
  }

  private static InvalidRequestException notJson(String message) {
    return new InvalidRequestException(message, null, "invalid_json");
  }
}
