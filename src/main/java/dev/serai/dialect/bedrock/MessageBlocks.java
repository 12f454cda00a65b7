package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.dialect.chat.Message;
import dev.serai.dialect.chat.Part;
import dev.serai.dialect.chat.Thought;
import dev.serai.dialect.chat.ToolCall;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;

/**
 * Turns messages into Converse's: the system's apart from the others, tool results as the user's,
 * and what follows each other from the same side as one message, because sides must alternate.
 */
final class MessageBlocks {

  private final Attachments attachments = new Attachments();
  private final List<SystemContentBlock> system = new ArrayList<>();
  private final List<software.amazon.awssdk.services.bedrockruntime.model.Message> messages =
      new ArrayList<>();
  private List<ContentBlock> blocks = new ArrayList<>();
  private ConversationRole side = ConversationRole.USER;

  MessageBlocks(List<Message> given) {
    given.forEach(this::add);
    close();
  }

  List<SystemContentBlock> system() {
    return system;
  }

  List<software.amazon.awssdk.services.bedrockruntime.model.Message> messages() {
    return messages;
  }

  private void add(Message message) {
    switch (message.role()) {
      case SYSTEM -> addSystem(message);
      case USER -> {
        turnTo(ConversationRole.USER);
        addParts(message.parts());
      }
      case ASSISTANT -> {
        turnTo(ConversationRole.ASSISTANT);
        message.thoughts().forEach(this::addThought);
        addParts(message.parts());
        message.toolCalls().forEach(this::addCall);
      }
      case TOOL -> {
        turnTo(ConversationRole.USER);
        addResult(message);
      }
    }
  }

  private void turnTo(ConversationRole next) {
    if (next != side) {
      close();
      side = next;
    }
  }

  private void close() {
    if (!blocks.isEmpty()) {
      List<ContentBlock> content = blocks;
      ConversationRole role = side;
      messages.add(
          software.amazon.awssdk.services.bedrockruntime.model.Message.builder()
              .role(role)
              .content(content)
              .build());
      blocks = new ArrayList<>();
    }
  }

  private void addSystem(Message message) {
    for (Part part : message.parts()) {
      if (!(part instanceof Part.Text text)) {
        throw Attachments.inSystem(message.at());
      }
      system.add(SystemContentBlock.fromText(text.text()));
      CachePoints.add(
          text.cacheControl(), point -> system.add(SystemContentBlock.fromCachePoint(point)));
    }
  }

  private void addParts(List<Part> parts) {
    for (Part part : parts) {
      blocks.add(
          switch (part) {
            case Part.Text text -> ContentBlock.fromText(text.text());
            case Part.Image image -> ContentBlock.fromImage(attachments.image(image));
            case Part.Document document ->
                ContentBlock.fromDocument(attachments.document(document));
            case Part.LinkedImage image -> throw Attachments.refused(image);
          });
      mark(part.cacheControl());
    }
  }

  private void mark(@Nullable JsonNode cacheControl) {
    CachePoints.add(cacheControl, point -> blocks.add(ContentBlock.fromCachePoint(point)));
  }

  /** Only what is signed or encrypted is taken back. */
  private void addThought(Thought thought) {
    String data = thought.data();
    if (data != null) {
      byte[] encrypted = encrypted(data);
      if (encrypted.length > 0) {
        blocks.add(
            ContentBlock.fromReasoningContent(
                reasoning -> reasoning.redactedContent(SdkBytes.fromByteArrayUnsafe(encrypted))));
      }
    } else if (thought.text() != null && thought.signature() != null) {
      blocks.add(
          ContentBlock.fromReasoningContent(
              reasoning ->
                  reasoning.reasoningText(
                      text -> text.text(thought.text()).signature(thought.signature()))));
    }
  }

  /** What is no base64 was encrypted by another provider, and is nothing to Bedrock. */
  private static byte[] encrypted(String data) {
    try {
      return Base64.getDecoder().decode(data);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private void addCall(ToolCall call) {
    blocks.add(
        ContentBlock.fromToolUse(
            use ->
                use.toolUseId(call.id()).name(call.name()).input(Documents.of(call.arguments()))));
  }

  private void addResult(Message message) {
    List<ToolResultContentBlock> content = new ArrayList<>(message.parts().size());
    JsonNode cacheControl = null;
    for (Part part : message.parts()) {
      content.add(
          switch (part) {
            case Part.Text text -> ToolResultContentBlock.fromText(text.text());
            case Part.Image image -> ToolResultContentBlock.fromImage(attachments.image(image));
            case Part.Document document ->
                ToolResultContentBlock.fromDocument(attachments.document(document));
            case Part.LinkedImage image -> throw Attachments.refused(image);
          });
      cacheControl = part.cacheControl() == null ? cacheControl : part.cacheControl();
    }
    if (content.isEmpty()) {
      content.add(ToolResultContentBlock.fromText(""));
    }
    blocks.add(
        ContentBlock.fromToolResult(
            result -> result.toolUseId(message.toolCallId()).content(content)));
    mark(cacheControl);
  }
}
