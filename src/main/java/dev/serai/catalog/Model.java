package dev.serai.catalog;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model as a provider offers it.
 *
 * @param id its name, as the provider is told it
 * @param providerName who offers it
 * @param aliases other names it can be asked by; the provider is told the id
 * @param inferenceProfiles ids under which it can be asked at the same price, such as {@code
 *     us.anthropic.claude-…}; the provider is told the same, because the name says where the model
 *     may run
 * @param kind what it makes
 * @param fixedSampling true when it refuses a temperature
 * @param contextWindow the largest number of tokens it takes; null where that is not sure
 * @param maxOutputTokens the longest answer it gives, in tokens; null where that is not sure
 * @param dimensions the length of its vectors; null for other kinds
 * @param prices its prices, no two for the same time
 */
public record Model(
    String id,
    String providerName,
    List<String> aliases,
    List<String> inferenceProfiles,
    Kind kind,
    boolean fixedSampling,
    @Nullable Integer contextWindow,
    @Nullable Integer maxOutputTokens,
    @Nullable Integer dimensions,
    List<Price> prices) {

  /** What a model makes. */
  public enum Kind {
    /** Text, from a conversation. */
    CHAT,
    /** A vector, from a text. */
    EMBEDDING
  }

  /** The price that holds at that instant; null when there is none, which is not the same as 0. */
  public @Nullable Price priceAt(Instant instant) {
    for (Price price : prices) {
      if (price.holdsAt(instant)) {
        return price;
      }
    }
    return null;
  }
}
