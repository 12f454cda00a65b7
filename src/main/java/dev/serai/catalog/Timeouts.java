package dev.serai.catalog;

import java.time.Duration;

/**
 * How long a provider is waited for; each is more than 0.
 *
 * @param connect for a connection
 * @param attempt for one complete answer that is not streamed
 * @param firstByte for the first bytes of a stream
 * @param betweenBytes for the next bytes of a stream
 */
public record Timeouts(
    Duration connect, Duration attempt, Duration firstByte, Duration betweenBytes) {}
