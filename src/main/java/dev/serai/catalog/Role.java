package dev.serai.catalog;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A purpose that callers name instead of a model.
 *
 * @param name what they name
 * @param description what it is for
 * @param targets where it goes, in this order; never empty
 * @param temperature added to a request that names none, 0 to 2; null when the role says nothing
 * @param timeout the most that one attempt may take, to its complete answer or to the first event
 *     of its stream; null when only the provider's own timeouts hold
 * @param cache whether its answers may be given again
 * @param maxOutputTokens what an estimate reckons with when the request names no limit, 1 or more
 */
public record Role(
    String name,
    String description,
    List<Target> targets,
    @Nullable BigDecimal temperature,
    @Nullable Duration timeout,
    CacheMode cache,
    int maxOutputTokens) {

  /** Answers embeddings requests that name neither model nor role. */
  public static final String EMBEDDINGS = "embeddings";

  /**
   * What it makes: that of its first target. Of a model that the catalog does not know it is a
   * text, unless the role is {@link #EMBEDDINGS}.
   */
  public Model.Kind kind() {
    Model model = targets.getFirst().model();
    if (model != null) {
      return model.kind();
    }
    return name.equals(EMBEDDINGS) ? Model.Kind.EMBEDDING : Model.Kind.CHAT;
  }
}
