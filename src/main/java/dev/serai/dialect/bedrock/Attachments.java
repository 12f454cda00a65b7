package dev.serai.dialect.bedrock;

import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.chat.Invalid;
import dev.serai.dialect.chat.Part;
import java.util.Base64;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.DocumentFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ImageBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;

/**
 * The images and documents of one request.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_DocumentBlock.html">what
 *     a document's name may hold</a>
 */
final class Attachments {

  private static final Map<String, ImageFormat> IMAGES =
      Map.of(
          "image/png", ImageFormat.PNG,
          "image/jpeg", ImageFormat.JPEG,
          "image/jpg", ImageFormat.JPEG,
          "image/gif", ImageFormat.GIF,
          "image/webp", ImageFormat.WEBP);
  private static final Map<String, DocumentFormat> DOCUMENTS =
      Map.of(
          "application/pdf",
          DocumentFormat.PDF,
          "text/csv",
          DocumentFormat.CSV,
          "application/msword",
          DocumentFormat.DOC,
          "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
          DocumentFormat.DOCX,
          "application/vnd.ms-excel",
          DocumentFormat.XLS,
          "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
          DocumentFormat.XLSX,
          "text/html",
          DocumentFormat.HTML,
          "text/plain",
          DocumentFormat.TXT,
          "text/markdown",
          DocumentFormat.MD);
  private static final Pattern NOT_IN_NAMES = Pattern.compile("[^A-Za-z0-9\\-()\\[\\]]+");

  private final Set<String> names = new HashSet<>();

  ImageBlock image(Part.Image image) {
    ImageFormat format = IMAGES.get(image.mediaType());
    if (format == null) {
      throw Invalid.unsupported(
          image.at(),
          "is an image of a type that Bedrock does not read: send PNG, JPEG, GIF or WebP.");
    }
    return ImageBlock.builder()
        .format(format)
        .source(source -> source.bytes(bytes(image.base64())))
        .build();
  }

  /** Bedrock fetches nothing, and neither does the gateway. */
  static InvalidRequestException refused(Part.LinkedImage image) {
    return Invalid.unsupported(
        image.at(), "is a link, which Bedrock does not follow: send the image as a data URL.");
  }

  static InvalidRequestException inSystem(String message) {
    return Invalid.unsupported(
        message + ".content", "may only be text in instructions: send the rest as role user.");
  }

  DocumentBlock document(Part.Document document) {
    DocumentFormat format = DOCUMENTS.get(document.mediaType());
    if (format == null) {
      throw Invalid.unsupported(
          document.at(),
          "is a document of a type that Bedrock does not read: send PDF, CSV, Word, Excel, HTML,"
              + " text or Markdown.");
    }
    return DocumentBlock.builder()
        .format(format)
        .name(name(document.name()))
        .source(source -> source.bytes(bytes(document.base64())))
        .build();
  }

  private String name(@Nullable String given) {
    String plain = given == null ? "" : NOT_IN_NAMES.matcher(given).replaceAll(" ").strip();
    String base = plain.isEmpty() ? "document" : plain.substring(0, Math.min(plain.length(), 190));
    String name = base;
    for (int number = 2; !names.add(name); number++) {
      name = base + " " + number;
    }
    return name;
  }

  private static SdkBytes bytes(String base64) {
    return SdkBytes.fromByteArrayUnsafe(Base64.getDecoder().decode(base64));
  }
}
