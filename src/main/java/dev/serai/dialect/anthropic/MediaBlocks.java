package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.Invalid;
import dev.serai.dialect.chat.Part;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Text, images and documents as blocks.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/vision">Images at
 *     Anthropic</a>
 */
final class MediaBlocks {

  private static final Set<String> IMAGES =
      Set.of("image/jpeg", "image/png", "image/gif", "image/webp");

  private MediaBlocks() {}

  static ArrayNode of(List<Part> parts) {
    ArrayNode blocks = Json.TREES.createArrayNode();
    for (Part part : parts) {
      ObjectNode block = blocks.addObject();
      switch (part) {
        case Part.Text text -> block.put("type", "text").put("text", text.text());
        case Part.Image image -> image(image, block);
        case Part.LinkedImage image -> linked(image, block);
        case Part.Document document -> document(document, block);
      }
      if (part.cacheControl() != null) {
        block.set("cache_control", part.cacheControl());
      }
    }
    return blocks;
  }

  private static void image(Part.Image image, ObjectNode block) {
    String type = image.mediaType().equals("image/jpg") ? "image/jpeg" : image.mediaType();
    if (!IMAGES.contains(type)) {
      throw Invalid.unsupported(
          image.at(), "is an image that Claude cannot read: send JPEG, PNG, GIF or WebP.");
    }
    base64(block.put("type", "image"), type, image.base64());
  }

  private static void linked(Part.LinkedImage image, ObjectNode block) {
    if (!image.url().startsWith("https://")) {
      throw Invalid.unsupported(
          image.at(), "is no address that Claude can fetch: send an https URL or a data URL.");
    }
    block.put("type", "image").putObject("source").put("type", "url").put("url", image.url());
  }

  private static void document(Part.Document document, ObjectNode block) {
    block.put("type", "document");
    switch (document.mediaType()) {
      case "application/pdf" -> base64(block, document.mediaType(), document.base64());
      case "text/plain" -> {
        byte[] text = Base64.getDecoder().decode(document.base64());
        block
            .putObject("source")
            .put("type", "text")
            .put("media_type", "text/plain")
            .put("data", new String(text, StandardCharsets.UTF_8));
      }
      default ->
          throw Invalid.unsupported(
              document.at(), "is a document that Claude cannot read: send PDF or plain text.");
    }
    if (document.name() != null) {
      block.put("title", document.name());
    }
  }

  private static void base64(ObjectNode block, String mediaType, String data) {
    block.putObject("source").put("type", "base64").put("media_type", mediaType).put("data", data);
  }
}
