package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * A tool that the model may call.
 *
 * @param name what the model calls it
 * @param description what it is good for; null without one
 * @param schema the JSON schema of its arguments
 * @param cacheControl the provider's mark for caching the prompt up to here; null without one
 */
public record Tool(
    String name, @Nullable String description, ObjectNode schema, @Nullable JsonNode cacheControl) {

  /** The schema of a tool without parameters. */
  static ObjectNode noParameters(ObjectNode schema) {
    schema.put("type", "object").putObject("properties");
    return schema;
  }
}
