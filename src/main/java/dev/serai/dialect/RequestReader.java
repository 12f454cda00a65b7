package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.chat.Extras;
import dev.serai.chat.ServiceTier;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over a chat request: checks its types, takes its facts, notes where things stand. */
final class RequestReader {

  /** OpenAI's own limit. */
  private static final int MOST_CHOICES = 128;

  final byte[] body;
  final List<String> fields = new ArrayList<>(8);
  final List<Span> promptJson = new ArrayList<>(0);
  @Nullable String model;
  boolean stream;
  boolean includeUsage;
  @Nullable BigDecimal temperature;
  GivenLimits.@Nullable Given maxTokens;
  GivenLimits.@Nullable Given maxCompletionTokens;
  int choices = 1;
  int messageCount;
  int imageCount;
  boolean plainText = true;
  int audioBytes;
  final FileParts files = new FileParts();
  int open;
  Span messages = new Span(0, 0);
  @Nullable Span modelValue;
  @Nullable Span streamOptions;
  boolean streamOptionsEmpty;
  @Nullable Span includeUsageValue;
  @Nullable Span responseFormat;

  private final JsonParser json;
  private @Nullable String serviceTier;
  private boolean cacheMarked;
  private boolean cacheMarkedForAnHour;
  private boolean audioAnswer;
  private boolean imageAnswer;

  private RequestReader(byte[] body, JsonParser json) {
    this.body = body;
    this.json = json;
  }

  static ChatRequest read(byte[] sent) {
    return RequestBody.read(
        sent,
        "messages",
        (body, json) -> {
          RequestReader reader = new RequestReader(body, json);
          reader.readBody();
          return new ChatRequest(reader);
        });
  }

  private void readBody() throws IOException {
    open = RequestBody.start(json);
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      fields.add(name);
      field(name, json.nextToken());
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
      case "model" -> readModel();
      case "stream" -> stream = bool(name, value);
      case "stream_options" -> readStreamOptions(value);
      case "temperature" -> readTemperature(value);
      case "max_tokens" -> maxTokens = limit(name);
      case "max_completion_tokens" -> maxCompletionTokens = limit(name);
      case "service_tier" -> {
        serviceTier = value == JsonToken.VALUE_STRING ? json.getText() : null;
        json.skipChildren();
      }
      case "modalities" -> readModalities(value);
      case "n" -> readChoices();
      case "stop" -> {
        if (value != JsonToken.VALUE_STRING
            && value != JsonToken.START_ARRAY
            && value != JsonToken.VALUE_NULL) {
          throw RequestBody.wrongType(name, "a string or an array of strings");
        }
        json.skipChildren();
      }
      case "tools", "functions" -> {
        if (value != JsonToken.START_ARRAY && value != JsonToken.VALUE_NULL) {
          throw RequestBody.wrongType(name, "an array");
        }
        notePromptJson(value);
      }
      case "response_format" -> {
        int known = promptJson.size();
        notePromptJson(value);
        responseFormat = promptJson.size() > known ? promptJson.getLast() : null;
      }
      default -> skip(name);
    }
  }

  private GivenLimits.Given limit(String name) throws IOException {
    Long tokens = RequestBody.integer(json, name);
    return new GivenLimits.Given(tokens, RequestBody.value(json));
  }

  /** What it asks for beside text; a file may hold images and sound. */
  Extras extras() {
    boolean plain =
        serviceTier == null
            && !cacheMarked
            && imageCount + audioBytes == 0
            && !files.any()
            && !audioAnswer
            && !imageAnswer;
    return plain
        ? Extras.NONE
        : new Extras(
            ServiceTier.of(serviceTier),
            cacheMarked,
            cacheMarkedForAnHour,
            audioBytes > 0 || files.any(),
            imageCount > 0 || files.any(),
            audioAnswer,
            imageAnswer);
  }

  private void notePromptJson(JsonToken value) throws IOException {
    if (value.isStructStart()) {
      int start = RequestBody.start(json);
      skip("");
      promptJson.add(new Span(start, RequestBody.end(json)));
    }
  }

  /** Skips the value of a field, and notes what in it is to be kept in the provider's cache. */
  private void skip(String field) throws IOException {
    String name = field;
    int depth = 0;
    while (true) {
      cacheMarked |= name.equals("cache_control") && json.currentToken() != JsonToken.VALUE_NULL;
      JsonToken token = json.currentToken();
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING && name.equals("ttl")) {
        cacheMarkedForAnHour |= cacheMarked && json.getText().equals("1h");
      }
      if (depth == 0) {
        return;
      }
      name = "";
      if (json.nextToken() == JsonToken.FIELD_NAME) {
        name = json.currentName();
        json.nextToken();
      }
    }
  }

  private void readModalities(JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      json.skipChildren();
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == JsonToken.VALUE_STRING) {
        audioAnswer |= json.getText().equals("audio");
        imageAnswer |= json.getText().equals("image");
      } else {
        json.skipChildren();
      }
    }
  }

  private void readModel() throws IOException {
    model = RequestBody.model(json);
    modelValue = RequestBody.value(json);
  }

  private void readTemperature(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NULL) {
      return;
    }
    if (!value.isNumeric()) {
      throw RequestBody.wrongType("temperature", "a number");
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

  private void readChoices() throws IOException {
    Long n = RequestBody.integer(json, "n");
    if (n != null && n > MOST_CHOICES) {
      throw new InvalidRequestException(
          "\"n\" is above " + MOST_CHOICES + ". Ask for fewer answers at a time.",
          "n",
          "invalid_value");
    }
    choices = n == null ? 1 : Math.clamp(n, 1, MOST_CHOICES);
  }

  private void readStreamOptions(JsonToken value) throws IOException {
    int start = RequestBody.start(json);
    if (value == JsonToken.START_OBJECT) {
      streamOptionsEmpty = true;
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        streamOptionsEmpty = false;
        JsonToken option = json.nextToken();
        if (name.equals("include_usage")) {
          includeUsage = bool("stream_options.include_usage", option);
          includeUsageValue = RequestBody.value(json);
        } else {
          json.skipChildren();
        }
      }
    } else if (value != JsonToken.VALUE_NULL) {
      throw RequestBody.wrongType("stream_options", "an object");
    }
    streamOptions = new Span(start, RequestBody.end(json));
  }

  private void readMessages(JsonToken value) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      throw RequestBody.wrongType("messages", "an array of messages");
    }
    int start = RequestBody.start(json);
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      if (next != JsonToken.START_OBJECT) {
        throw RequestBody.wrongType(
            "messages[" + messageCount + "]", "an object with role and content");
      }
      readMessage();
      messageCount++;
    }
    if (messageCount == 0) {
      throw new InvalidRequestException(
          "\"messages\" is empty. Send at least one message.", "messages", "invalid_value");
    }
    messages = new Span(start, RequestBody.end(json));
  }

  private void readMessage() throws IOException {
    boolean role = false;
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (name.equals("role")) {
        if (value != JsonToken.VALUE_STRING) {
          throw RequestBody.wrongType("messages[" + messageCount + "].role", "a string");
        }
        role = true;
      } else if (name.equals("content")) {
        plainText &= value == JsonToken.VALUE_STRING;
        readContent(value);
      } else {
        plainText = false;
        skip(name);
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
      throw RequestBody.wrongType(
          "messages[" + messageCount + "].content", "a string, an array or null");
    }
  }

  private void readPart() throws IOException {
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (value == JsonToken.VALUE_STRING && name.equals("type")) {
        switch (json.getText()) {
          case "image_url", "input_image", "image" -> imageCount++;
          default -> {}
        }
      } else if (name.equals("input_audio")) {
        audioBytes += RequestBody.value(json).length();
      } else if (FileParts.is(name) && value != JsonToken.VALUE_NULL) {
        files.read(body, name, json);
      } else {
        skip(name);
      }
    }
  }

  private static boolean bool(String name, JsonToken value) {
    if (!value.isBoolean() && value != JsonToken.VALUE_NULL) {
      throw RequestBody.wrongType(name, "true or false");
    }
    return value == JsonToken.VALUE_TRUE;
  }
}
