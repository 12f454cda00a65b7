package dev.serai.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * The JSON object that was sent to the admin API. Everything that is wrong with it is a 400 that
 * names the field and what it takes, and repeats nothing of what was sent but names of fields.
 */
final class AdminBody {

  private static final int MOST_BYTES = 64 << 10;
  private static final int MOST_NAMES = 100;
  private static final int LONGEST_NAME = 255;
  private static final int LONGEST_AMOUNT = 40;
  private static final int SHOWN_OF_A_FIELD = 40;

  private final ObjectNode root;

  private AdminBody(ObjectNode root) {
    this.root = root;
  }

  /**
   * Reads it; no body at all is an object without fields.
   *
   * @param fields those that it may have
   */
  static AdminBody read(HttpServletRequest request, String... fields) throws IOException {
    byte[] bytes = bytes(request);
    if (bytes.length == 0) {
      return new AdminBody(AdminJson.object());
    }
    if (!isJson(request.getContentType())) {
      throw new ApiException(
          ApiError.unsupportedMediaType(
              "Send the header Content-Type: application/json with a JSON body."));
    }
    ObjectNode root = parse(bytes);
    Set<String> unknown = new LinkedHashSet<>();
    root.fieldNames().forEachRemaining(unknown::add);
    List.of(fields).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      String first = shown(unknown.iterator().next());
      throw wrong(
          first, "There is no field " + first + " here; it takes: " + String.join(", ", fields));
    }
    return new AdminBody(root);
  }

  /** The body's bytes, or 413. */
  static byte[] bytes(HttpServletRequest request) throws IOException {
    byte[] bytes = request.getInputStream().readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw new ApiException(
          ApiError.tooLarge("The body is larger than " + MOST_BYTES + " bytes: send less."));
    }
    return bytes;
  }

  private static boolean isJson(@Nullable String type) {
    try {
      return type != null
          && MediaType.APPLICATION_JSON.equalsTypeAndSubtype(MediaType.parseMediaType(type));
    } catch (InvalidMediaTypeException e) {
      return false;
    }
  }

  private static ObjectNode parse(byte[] bytes) throws IOException {
    try {
      if (AdminJson.MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return object;
      }
    } catch (JsonProcessingException e) {
      // Its message would repeat what was sent.
    }
    throw new ApiException(
        ApiError.invalidRequest(
            "The body is not one JSON object, or has a field twice: send one.",
            null,
            "invalid_json"));
  }

  /** Whether the field is there and not null. */
  boolean has(String field) {
    return root.hasNonNull(field);
  }

  /** The field's text, of 1 to so many characters; null when it is not there or null. */
  @Nullable String text(String field, int longest) {
    JsonNode node = root.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isTextual() || !plain(node.asText(), longest)) {
      throw wrong(
          field,
          "Give %s as a text of 1 to %d characters, without control characters."
              .formatted(field, longest));
    }
    return node.asText();
  }

  /** As {@link #text}, and it must be there. */
  String required(String field, int longest) {
    String text = text(field, longest);
    if (text == null) {
      throw wrong(field, "The field " + field + " is missing.");
    }
    return text;
  }

  /** The field's amount of money as it was written; null when it is not there or null. */
  @Nullable String amount(String field) {
    JsonNode node = root.get(field);
    if (node != null && node.isNumber()) {
      throw wrong(
          field,
          "Send %s as a string, such as \"12.50\": a JSON number is not exact.".formatted(field));
    }
    return text(field, LONGEST_AMOUNT);
  }

  /** Whether the field is true; null when it is not there or null. */
  @Nullable Boolean flag(String field) {
    JsonNode node = root.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isBoolean()) {
      throw wrong(field, "Give %s as true or false.".formatted(field));
    }
    return node.asBoolean();
  }

  /** The field's number, within bounds, both inclusive; null when it is not there or null. */
  @Nullable Long number(String field, long least, long most) {
    JsonNode node = root.get(field);
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isIntegralNumber()
        || !node.canConvertToLong()
        || node.asLong() < least
        || node.asLong() > most) {
      throw wrong(field, "Give %s as a number from %d to %d.".formatted(field, least, most));
    }
    return node.asLong();
  }

  /** The names in a list, each once; empty when the field is not there or null. */
  List<String> names(String field) {
    JsonNode node = root.get(field);
    if (node == null || node.isNull()) {
      return List.of();
    }
    List<String> names = new ArrayList<>();
    for (JsonNode name : node) {
      if (name.isTextual() && plain(name.asText(), LONGEST_NAME)) {
        names.add(name.asText());
      }
    }
    if (!node.isArray() || names.size() != node.size() || names.size() > MOST_NAMES) {
      throw wrong(
          field,
          "Give %s as a list of at most %d names, each of 1 to %d characters."
              .formatted(field, MOST_NAMES, LONGEST_NAME));
    }
    return names.stream().distinct().toList();
  }

  /** A 400 about a field. */
  static ApiException wrong(String field, String message) {
    return new ApiException(ApiError.invalidRequest(message, field, null));
  }

  /** Whether every database takes a text as it is. */
  static boolean plain(String text, int longest) {
    return !text.isBlank()
        && text.length() <= longest
        && text.codePoints()
            .noneMatch(
                c ->
                    Character.isISOControl(c)
                        || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }

  private static String shown(String field) {
    String plain = field.replaceAll("[^A-Za-z0-9_.-]", "?");
    return plain.length() > SHOWN_OF_A_FIELD ? plain.substring(0, SHOWN_OF_A_FIELD) + "…" : plain;
  }
}
