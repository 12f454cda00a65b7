package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One pass over an embeddings request: checks its types and notes where its inputs stand. */
final class EmbeddingReader {

  private static final String INPUT = "input";
  private static final String WANTED =
      "a text, an array of texts, an array of tokens or an array of arrays of tokens";

  final byte[] body;
  final List<String> fields = new ArrayList<>(6);
  @Nullable String model;
  @Nullable String encodingFormat;
  @Nullable Long dimensions;
  @Nullable String user;
  int open;
  Span input = new Span(0, 0);
  int[] starts = new int[1];
  int[] ends = new int[1];
  int size;
  @Nullable Span modelValue;

  private final JsonParser json;
  private boolean list;

  private EmbeddingReader(byte[] body, JsonParser json) {
    this.body = body;
    this.json = json;
  }

  static EmbeddingRequest read(byte[] sent) {
    return RequestBody.read(
        sent,
        INPUT,
        (body, json) -> {
          EmbeddingReader reader = new EmbeddingReader(body, json);
          reader.readBody();
          return new EmbeddingRequest(reader);
        });
  }

  private void readBody() throws IOException {
    open = RequestBody.start(json);
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      fields.add(name);
      JsonToken value = json.nextToken();
      switch (name) {
        case INPUT -> readInput(value);
        case "model" -> {
          model = RequestBody.model(json);
          modelValue = RequestBody.value(json);
        }
        case "dimensions" -> dimensions = RequestBody.integer(json, name);
        case "encoding_format" -> {
          if (value != JsonToken.VALUE_STRING && value != JsonToken.VALUE_NULL) {
            throw RequestBody.wrongType(name, "\"float\" or \"base64\"");
          }
          encodingFormat = value == JsonToken.VALUE_STRING ? json.getText() : null;
        }
        case "user" -> {
          user = value == JsonToken.VALUE_STRING ? json.getText() : null;
          json.skipChildren();
        }
        default -> json.skipChildren();
      }
    }
    if (!fields.contains(INPUT)) {
      throw new InvalidRequestException(
          "\"input\" is missing. Send " + WANTED + ".", INPUT, "missing_required_parameter");
    }
  }

  private void readInput(JsonToken value) throws IOException {
    int start = RequestBody.start(json);
    if (value == JsonToken.VALUE_STRING) {
      add(text());
    } else if (value == JsonToken.START_ARRAY) {
      readInputs(start);
    } else {
      throw RequestBody.wrongType(INPUT, WANTED);
    }
    input = new Span(start, RequestBody.end(json));
  }

  private void readInputs(int start) throws IOException {
    JsonToken first = json.nextToken();
    if (first == JsonToken.VALUE_NUMBER_INT) {
      add(tokens(start));
      return;
    }
    for (JsonToken next = first; next != JsonToken.END_ARRAY; next = json.nextToken()) {
      list = true;
      if (next != first) {
        throw RequestBody.wrongType(name(), "inputs that are all of one kind");
      }
      if (next == JsonToken.VALUE_STRING) {
        add(text());
      } else if (next == JsonToken.START_ARRAY) {
        int at = RequestBody.start(json);
        json.nextToken();
        add(tokens(at));
      } else {
        throw RequestBody.wrongType(INPUT, WANTED);
      }
    }
    if (size == 0) {
      throw empty(INPUT);
    }
  }

  private Span text() throws IOException {
    int start = RequestBody.start(json);
    if (json.getTextLength() == 0) {
      throw empty(name());
    }
    return new Span(start, RequestBody.end(json));
  }

  /** From the first token to the end of the array that began at {@code start}. */
  private Span tokens(int start) throws IOException {
    if (json.currentToken() == JsonToken.END_ARRAY) {
      throw empty(name());
    }
    while (json.currentToken() != JsonToken.END_ARRAY) {
      boolean whole = json.currentToken() == JsonToken.VALUE_NUMBER_INT;
      Long id = whole ? RequestBody.integer(json, INPUT) : null;
      if (id == null || id < 0 || id > Integer.MAX_VALUE) {
        throw RequestBody.wrongType(name(), "tokens as whole numbers from 0");
      }
      json.nextToken();
    }
    return new Span(start, RequestBody.end(json));
  }

  private String name() {
    return list ? INPUT + "[" + size + "]" : INPUT;
  }

  private void add(Span place) {
    if (size == starts.length) {
      starts = Arrays.copyOf(starts, size * 2 + 14);
      ends = Arrays.copyOf(ends, size * 2 + 14);
    }
    starts[size] = place.start();
    ends[size] = place.end();
    size++;
  }

  private static InvalidRequestException empty(String name) {
    return new InvalidRequestException(
        "\"" + name + "\" is empty. Send something to make a vector of.", name, "invalid_value");
  }
}
