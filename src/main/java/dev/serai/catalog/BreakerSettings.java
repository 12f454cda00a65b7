package dev.serai.catalog;

import java.time.Duration;

/**
 * When a provider is given a rest.
 *
 * @param failureRateThreshold percentage of failed calls that opens the breaker, 1 to 100
 * @param minimumCalls calls before a rate is computed, 1 or more
 * @param slidingWindow the last calls that count, {@code minimumCalls} or more
 * @param openFor how long nothing is sent once it is open
 */
public record BreakerSettings(
    int failureRateThreshold, int minimumCalls, int slidingWindow, Duration openFor) {}
