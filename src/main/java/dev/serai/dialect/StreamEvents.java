package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.StreamChunk;
import dev.serai.chat.Usage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads and changes single events of a chat stream. Data that is no JSON has no content. */
public final class StreamEvents {

  private StreamEvents() {}

  /** What the event says beside its content; null for a comment and for {@code [DONE]}. */
  public static @Nullable AnswerFacts facts(byte[] event) {
    EventData data = EventData.of(event);
    Span place = data.place();
    return place == null || data.isDone() ? null : AnswerFacts.read(data.bytes(), place);
  }

  /** The event's data as a tree; null for a comment, for {@code [DONE]} and for what is no JSON. */
  public static @Nullable JsonNode json(byte[] event) {
    EventData data = EventData.of(event);
    Span place = data.place();
    return place == null || data.isDone()
        ? null
        : Json.tree(data.bytes(), place.start(), place.length());
  }

  /** The neutral record of an event: what it adds to the first choice's content. */
  public static StreamChunk chunk(byte[] event) {
    EventData data = EventData.of(event);
    Span place = data.place();
    if (place == null) {
      return new StreamChunk("", -1, "");
    }
    Usage usage = AnswerFacts.read(data.bytes(), place).usage();
    StringBuilder content = new StringBuilder();
    DeltaText.content(data.bytes(), place, content);
    return new StreamChunk(
        content.toString(),
        usage == null ? -1 : usage.outputTokens(),
        new String(data.bytes(), place.start(), place.length(), StandardCharsets.UTF_8));
  }

  /**
   * Appends everything that was generated in this event, of all choices: content, reasoning,
   * refusal, names and arguments of tool calls. For counting the tokens of a stream that was cut.
   */
  public static void countableText(byte[] event, StringBuilder out) {
    EventData data = EventData.of(event);
    Span place = data.place();
    if (place != null) {
      DeltaText.everything(data.bytes(), place, out);
    }
  }

  /**
   * The event with {@code cost} in its usage object, unless the provider has put an amount there.
   *
   * @param usageEvent an event with a usage object; any other comes back as it is
   * @param usd the cost in USD; null, written as null, when the model has no price
   */
  public static byte[] withCost(byte[] usageEvent, @Nullable BigDecimal usd) {
    EventData data = EventData.of(usageEvent);
    Span place = data.place();
    if (place == null) {
      return usageEvent;
    }
    byte[] cost =
        ("\"cost\":" + (usd == null ? "null" : usd.toPlainString()))
            .getBytes(StandardCharsets.US_ASCII);
    byte[] changed;
    try (JsonParser json = Json.ANSWERS.createParser(data.bytes(), place.start(), place.length())) {
      changed = insertCost(json, data.bytes(), place.start(), cost);
    } catch (IOException e) {
      return usageEvent;
    }
    if (changed == null) {
      return usageEvent;
    }
    return data.joined() ? asEvent(changed) : changed;
  }

  private static byte @Nullable [] insertCost(JsonParser json, byte[] bytes, int base, byte[] cost)
      throws IOException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      return null;
    }
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      if (!name.equals("usage") || value != JsonToken.START_OBJECT) {
        json.skipChildren();
        continue;
      }
      int inside = base + (int) json.currentLocation().getByteOffset();
      boolean empty = true;
      for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
        empty = false;
        int keyStart = base + (int) json.currentTokenLocation().getByteOffset();
        JsonToken count = json.nextToken();
        if (key.equals("cost")) {
          int valueEnd = base + (int) json.currentLocation().getByteOffset();
          return count == JsonToken.VALUE_NULL
              ? splice(bytes, keyStart, valueEnd, cost, false)
              : null;
        }
        json.skipChildren();
      }
      return splice(bytes, inside, inside, cost, !empty);
    }
    return null;
  }

  private static byte[] splice(byte[] bytes, int from, int to, byte[] text, boolean comma) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + text.length + 1);
    out.write(bytes, 0, from);
    out.writeBytes(text);
    if (comma) {
      out.write(',');
    }
    out.write(bytes, to, bytes.length - to);
    return out.toByteArray();
  }

  /** One event with this data, each of its lines as a line of its own. */
  static byte[] asEvent(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(data.length + 16);
    byte[] field = {'d', 'a', 't', 'a', ':', ' '};
    out.writeBytes(field);
    for (byte b : data) {
      out.write(b);
      if (b == '\n') {
        out.writeBytes(field);
      }
    }
    out.write('\n');
    out.write('\n');
    return out.toByteArray();
  }
}
