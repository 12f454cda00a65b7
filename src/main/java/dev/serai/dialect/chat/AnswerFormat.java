package dev.serai.dialect.chat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The answer must be JSON. */
public sealed interface AnswerFormat {

  /** Any JSON object. */
  record AnyJson() implements AnswerFormat {}

  /**
   * JSON that fits a schema.
   *
   * @param name what the caller calls the schema
   * @param description what it is for; null without one
   * @param schema the JSON schema
   */
  record Schema(String name, @Nullable String description, ObjectNode schema)
      implements AnswerFormat {}
}
