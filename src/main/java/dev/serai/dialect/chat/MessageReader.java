package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.dialect.chat.Message.Role;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads {@code messages}. */
final class MessageReader {

  private MessageReader() {}

  static List<Message> read(JsonNode value) {
    List<Message> messages = new ArrayList<>(value.size());
    for (JsonNode message : value) {
      messages.add(message(message, "messages[" + messages.size() + "]"));
    }
    return List.copyOf(messages);
  }

  private static Message message(JsonNode message, String at) {
    Role role = role(message.path("role").asText(), at);
    String callId = message.path("tool_call_id").asText("");
    if (role == Role.TOOL && callId.isEmpty()) {
      throw Invalid.type(at + ".tool_call_id", "the id of the call that this answers");
    }
    boolean assistant = role == Role.ASSISTANT;
    return new Message(
        role,
        parts(message, at),
        assistant ? ToolReader.calls(message.path("tool_calls"), at) : List.of(),
        role == Role.TOOL ? callId : null,
        assistant ? thoughts(message.path("reasoning_details")) : List.of(),
        at);
  }

  private static Role role(String name, String at) {
    return switch (name) {
      case "system", "developer" -> Role.SYSTEM;
      case "user" -> Role.USER;
      case "assistant" -> Role.ASSISTANT;
      case "tool" -> Role.TOOL;
      default ->
          throw Invalid.unsupported(
              at + ".role",
              "is not one that this model takes: send system, developer, user, assistant or tool.");
    };
  }

  private static List<Part> parts(JsonNode message, String at) {
    JsonNode content = message.path("content");
    JsonNode cacheControl = mark(message);
    List<Part> parts = new ArrayList<>(content.size());
    if (content.isTextual()) {
      addText(parts, content, cacheControl);
    } else if (content.isArray()) {
      for (int i = 0; i < content.size(); i++) {
        JsonNode part = content.get(i);
        JsonNode own = mark(part);
        JsonNode effective = own == null && i == content.size() - 1 ? cacheControl : own;
        part(parts, part, effective, at + ".content[" + i + "]");
      }
    } else if (message.path("refusal").isTextual()) {
      addText(parts, message.path("refusal"), cacheControl);
    }
    return List.copyOf(parts);
  }

  private static @Nullable JsonNode mark(JsonNode holder) {
    return holder.hasNonNull("cache_control") ? holder.get("cache_control") : null;
  }

  private static void part(
      List<Part> parts, JsonNode part, @Nullable JsonNode cacheControl, String at) {
    switch (part.path("type").asText()) {
      case "text" -> addText(parts, part.path("text"), cacheControl);
      case "refusal" -> addText(parts, part.path("refusal"), cacheControl);
      case "image_url" -> parts.add(MediaReader.image(part.path("image_url"), cacheControl, at));
      case "file" -> parts.add(MediaReader.document(part.path("file"), cacheControl, at));
      case "input_audio" ->
          throw Invalid.unsupported(
              at,
              "is audio, which this model cannot hear: send it as text, or name another model.");
      default ->
          throw Invalid.unsupported(
              at + ".type",
              "is a kind of content that this model cannot read: send text, image_url or file, or"
                  + " name another model.");
    }
  }

  /**
   * Empty and blank texts say nothing, and some providers refuse them. A blank one with a mark
   * stays: what is cached ends there.
   */
  private static void addText(List<Part> parts, JsonNode text, @Nullable JsonNode cacheControl) {
    boolean marks = cacheControl != null && !text.asText().isEmpty();
    if (marks || !text.asText().isBlank()) {
      parts.add(new Part.Text(text.asText(), cacheControl));
    }
  }

  private static List<Thought> thoughts(JsonNode details) {
    List<Thought> thoughts = new ArrayList<>(details.size());
    for (JsonNode detail : details) {
      switch (detail.path("type").asText()) {
        case "reasoning.text" ->
            thoughts.add(
                new Thought(
                    detail.path("text").asText(""), detail.path("signature").textValue(), null));
        case "reasoning.encrypted" ->
            thoughts.add(new Thought(null, null, detail.path("data").asText("")));
        default -> {}
      }
    }
    return List.copyOf(thoughts);
  }
}
