package dev.serai.dialect;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.chat.ChatMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The messages of a request one by one. Runs on bytes that were checked before. */
final class MessageList {

  private record Place(String role, Span span) {}

  private final byte[] body;
  private final Span list;
  private final List<Place> places = new ArrayList<>();

  private MessageList(byte[] body, Span list) {
    this.body = body;
    this.list = list;
  }

  static MessageList of(byte[] body, Span list) {
    MessageList messages = new MessageList(body, list);
    try (JsonParser json = Json.ANSWERS.createParser(body, list.start(), list.length())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        messages.read(json);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return messages;
  }

  private void read(JsonParser json) throws IOException {
    int start = list.start() + (int) json.currentTokenLocation().getByteOffset();
    String role = "";
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      json.nextToken();
      if (name.equals("role")) {
        role = json.getText();
      } else {
        json.skipChildren();
      }
    }
    int end = list.start() + (int) json.currentLocation().getByteOffset();
    places.add(new Place(role, new Span(start, end)));
  }

  List<ChatMessage> all() {
    return places.stream().map(this::message).toList();
  }

  private ChatMessage message(Place place) {
    Span span = place.span();
    return new ChatMessage(
        place.role(), new String(body, span.start(), span.length(), StandardCharsets.UTF_8));
  }

  /** How many messages at the head instruct the model. */
  int leading() {
    int count = 0;
    while (count < places.size() && ChatMessage.instructs(places.get(count).role())) {
      count++;
    }
    return count;
  }

  /** The whole body with messages put in front of the one at this index, or behind all. */
  byte[] with(int index, List<ChatMessage> more) {
    boolean behind = index >= places.size();
    int at = behind ? places.getLast().span().end() : places.get(index).span().start();
    ByteArrayOutputStream out = new ByteArrayOutputStream(body.length + 1024);
    out.write(body, 0, at);
    for (ChatMessage message : more) {
      byte[] json = message.json().getBytes(StandardCharsets.UTF_8);
      if (behind) {
        out.write(',');
        out.writeBytes(json);
      } else {
        out.writeBytes(json);
        out.write(',');
      }
    }
    out.write(body, at, body.length - at);
    return out.toByteArray();
  }
}
