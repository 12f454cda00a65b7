package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.chat.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The vectors of several answers, put together as if they were one. */
public final class Vectors {

  private record Item(long index, Span place, @Nullable Span indexValue) {}

  private final ByteArrayOutputStream data = new ByteArrayOutputStream(64 << 10);
  private int count;
  private @Nullable String model;

  /**
   * Adds an answer; its vectors follow those that are there.
   *
   * @param answer a {@link AnswerFacts#readable readable} one
   */
  public void add(byte[] answer) {
    try (JsonParser json = Json.ANSWERS.createParser(answer)) {
      json.nextToken();
      for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
        JsonToken value = json.nextToken();
        if (name.equals("data") && value == JsonToken.START_ARRAY) {
          addItems(answer, items(json));
        } else if (name.equals("model") && value == JsonToken.VALUE_STRING && model == null) {
          model = json.getText();
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("The answer is no JSON object");
    }
  }

  /** In the order of their indexes, which is not always that in which they come. */
  private static List<Item> items(JsonParser json) throws IOException {
    List<Item> items = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      int start = RequestBody.start(json);
      long index = items.size();
      Span indexValue = null;
      if (json.currentToken() == JsonToken.START_OBJECT) {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
          if (json.nextToken() == JsonToken.VALUE_NUMBER_INT && name.equals("index")) {
            index = json.getLongValue();
            indexValue = RequestBody.value(json);
          } else {
            json.skipChildren();
          }
        }
      }
      items.add(new Item(index, new Span(start, RequestBody.end(json)), indexValue));
    }
    items.sort(Comparator.comparingLong(Item::index));
    return items;
  }

  private void addItems(byte[] answer, List<Item> items) {
    for (Item item : items) {
      if (count > 0) {
        data.write(',');
      }
      Span index = item.indexValue();
      if (index == null) {
        addDense(answer, item.place());
      } else {
        addDense(answer, new Span(item.place().start(), index.start()));
        data.writeBytes(Integer.toString(count).getBytes(StandardCharsets.US_ASCII));
        addDense(answer, new Span(index.end(), item.place().end()));
      }
      count++;
    }
  }

  /** Leaves out the white space between values, which can be half of an answer. */
  private void addDense(byte[] answer, Span place) {
    boolean quoted = false;
    int from = place.start();
    for (int i = place.start(); i < place.end(); i++) {
      byte b = answer[i];
      if (b == '"') {
        quoted = !quoted;
      } else if (quoted && b == '\\') {
        i++;
      } else if (!quoted && b <= ' ' && b >= 0) {
        data.write(answer, from, i - from);
        from = i + 1;
      }
    }
    data.write(answer, from, place.end() - from);
  }

  /** All of them as one answer in OpenAI's format, with that usage. */
  public byte[] answer(Usage usage) {
    long tokens = usage.inputTokens();
    String head = "{\"object\":\"list\",\"data\":[";
    String tail =
        "],\"model\":%s,\"usage\":{\"prompt_tokens\":%d,\"total_tokens\":%d}}"
            .formatted(Json.quote(model == null ? "" : model), tokens, tokens);
    ByteArrayOutputStream answer =
        new ByteArrayOutputStream(data.size() + head.length() + 3 * tail.length());
    try {
      answer.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
      data.writeTo(answer);
      answer.writeBytes(tail.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return answer.toByteArray();
  }
}
