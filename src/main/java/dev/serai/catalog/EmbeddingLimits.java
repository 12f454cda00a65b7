package dev.serai.catalog;

/**
 * How much a provider turns into vectors in one call.
 *
 * @param inputs the most inputs, 1 or more
 * @param tokens the most tokens of all inputs together, 1 or more
 */
public record EmbeddingLimits(int inputs, int tokens) {}
