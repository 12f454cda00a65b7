package dev.serai.dialect.chat;

import dev.serai.dialect.Json;

/** Writes one element of {@code reasoning_details}; what MessageReader reads. */
final class ThoughtJson {

  private ThoughtJson() {}

  static String of(int index, Thought thought) {
    StringBuilder json = new StringBuilder(64);
    if (thought.data() != null) {
      json.append("{\"type\":\"reasoning.encrypted\",\"data\":").append(Json.quote(thought.data()));
    } else {
      json.append("{\"type\":\"reasoning.text\"");
      if (thought.text() != null) {
        json.append(",\"text\":").append(Json.quote(thought.text()));
      }
      if (thought.signature() != null) {
        json.append(",\"signature\":").append(Json.quote(thought.signature()));
      }
    }
    return json.append(",\"index\":").append(index).append('}').toString();
  }
}
