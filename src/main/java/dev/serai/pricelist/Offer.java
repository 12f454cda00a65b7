package dev.serai.pricelist;

import org.jspecify.annotations.Nullable;

/**
 * A model in a price file.
 *
 * @param providerName who offers it, as {@code provider-name} in providers.yaml
 * @param id what the provider calls it
 * @param embedding whether it makes vectors
 * @param contextWindow the largest number of tokens it takes; null where the file does not say
 * @param dimensions the length of its vectors; null where the file does not say
 * @param quote what it costs
 */
record Offer(
    String providerName,
    String id,
    boolean embedding,
    @Nullable Long contextWindow,
    @Nullable Long dimensions,
    Quote quote) {}
