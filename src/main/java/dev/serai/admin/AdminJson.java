package dev.serai.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.UncheckedIOException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;

/** JSON as the admin API has it: snake_case, times in RFC 3339. */
final class AdminJson {

  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private AdminJson() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  static ResponseEntity<byte[]> ok(JsonNode root) {
    return answer(HttpStatus.OK, root);
  }

  static ResponseEntity<byte[]> created(JsonNode root) {
    return answer(HttpStatus.CREATED, root);
  }

  static ResponseEntity<byte[]> noContent() {
    return ResponseEntity.noContent().build();
  }

  private static ResponseEntity<byte[]> answer(HttpStatus status, JsonNode root) {
    try {
      return ResponseEntity.status(status)
          .contentType(MediaType.APPLICATION_JSON)
          .body(MAPPER.writeValueAsBytes(root));
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("a tree can always be written", e);
    }
  }
}
