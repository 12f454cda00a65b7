package dev.serai.catalog;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A purpose that callers name instead of a model.
 *
 * @param name what they name
 * @param description what it is for
 * @param targets where it goes, in this order; never empty
 * @param temperature added to a request that names none, 0 to 2; null when the role says nothing
 * @param cache whether its answers may be given again
 * @param maxOutputTokens what an estimate reckons with when the request names no limit, 1 or more
 */
public record Role(
    String name,
    String description,
    List<Target> targets,
    @Nullable BigDecimal temperature,
    CacheMode cache,
    int maxOutputTokens) {}
