package dev.serai.chat;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a call was served, where that has prices of its own. */
public enum ServiceTier {
  /** As any other. */
  STANDARD,
  /** Answered some time within a day. */
  BATCH,
  /** Answered when there is room. */
  FLEX,
  /** Answered before others. */
  PRIORITY,
  /** In a way that Serai does not know. */
  OTHER;

  /**
   * The tier that an answer names. {@code scale}, {@code reserved} and {@code provisioned} are paid
   * for beforehand and have no price for a token, so that they count as the standard one.
   *
   * @param name what {@code service_tier} says, in any case; null where it says nothing
   * @see <a href="https://platform.openai.com/docs/api-reference/chat/object">service_tier at
   *     OpenAI</a>
   */
  public static ServiceTier of(@Nullable String name) {
    if (name == null) {
      return STANDARD;
    }
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "", "default", "standard", "standard_only", "auto", "on_demand" -> STANDARD;
      case "scale", "reserved", "provisioned" -> STANDARD;
      case "batch" -> BATCH;
      case "flex" -> FLEX;
      case "priority" -> PRIORITY;
      default -> OTHER;
    };
  }

  /** Its name as answers and {@code models.yaml} have it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
