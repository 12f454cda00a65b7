package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads images and documents, which stand in the request as data URLs. */
final class MediaReader {

  private static final String DATA = "data:";
  private static final String BASE64 = ";base64";

  private MediaReader() {}

  /** Reads {@code image_url}: an object with the URL, or the URL itself. */
  static Part image(JsonNode image, @Nullable JsonNode cacheControl, String at) {
    String url = image.isTextual() ? image.textValue() : image.path("url").asText("");
    String param = at + ".image_url.url";
    if (url.startsWith(DATA)) {
      return new Part.Image(mediaType(url, param), base64(url, param), cacheControl, param);
    }
    if (url.startsWith("https://") || url.startsWith("http://")) {
      return new Part.LinkedImage(url, cacheControl, param);
    }
    throw Invalid.value(param, "is no image: send a data URL in base64, or an https URL.");
  }

  /** Reads {@code file}, whose {@code file_data} is a data URL. */
  static Part document(JsonNode file, @Nullable JsonNode cacheControl, String at) {
    String param = at + ".file.file_data";
    String url = file.path("file_data").asText("");
    if (!url.startsWith(DATA)) {
      throw Invalid.unsupported(
          param, "is missing: send the file itself as a data URL in base64, not by its id.");
    }
    return new Part.Document(
        mediaType(url, param),
        base64(url, param),
        file.path("filename").textValue(),
        cacheControl,
        param);
  }

  private static String mediaType(String url, String param) {
    int comma = url.indexOf(',');
    String head = comma < 0 ? "" : url.substring(DATA.length(), comma);
    if (!head.endsWith(BASE64)) {
      throw Invalid.value(param, "is no data URL in base64: send data:image/png;base64,… or such.");
    }
    int end = head.indexOf(';');
    return head.substring(0, end).strip().toLowerCase(Locale.ROOT);
  }

  private static String base64(String url, String param) {
    int start = url.indexOf(',') + 1;
    int end = url.length();
    while (end > start && end > url.length() - 2 && url.charAt(end - 1) == '=') {
      end--;
    }
    boolean right = end > start && (url.length() - start) % 4 == 0;
    for (int i = start; right && i < end; i++) {
      right = isBase64(url.charAt(i));
    }
    if (!right) {
      throw Invalid.value(param, "holds no whole base64: encode the bytes anew, without breaks.");
    }
    return url.substring(start);
  }

  private static boolean isBase64(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/';
  }
}
