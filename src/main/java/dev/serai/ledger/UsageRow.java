package dev.serai.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code llm_usage} as it stands; the components are the columns. Costs are nano-dollars,
 * prices pico-dollars per token, times within a call microseconds.
 */
public record UsageRow(
    long id,
    String requestId,
    int attempt,
    int replica,
    String tenantId,
    @Nullable String keyId,
    String account,
    String entry,
    String operation,
    @Nullable String roleName,
    String target,
    String providerName,
    @Nullable String requestModel,
    String upstreamModel,
    @Nullable String responseModel,
    @Nullable String promptVersion,
    boolean streamed,
    @Nullable String cacheState,
    String state,
    @Nullable String errorType,
    @Nullable Long httpStatus,
    @Nullable String finishReasons,
    long estInputTokens,
    long estOutputTokens,
    @Nullable Long estCostNanos,
    @Nullable Long inputTokens,
    @Nullable Long outputTokens,
    @Nullable Long cacheReadTokens,
    @Nullable Long cacheWriteTokens,
    @Nullable Long reasoningTokens,
    @Nullable Long costNanos,
    String costState,
    @Nullable Long providerCostNanos,
    @Nullable String priceVersion,
    @Nullable Long priceInputPicos,
    @Nullable Long priceOutputPicos,
    @Nullable Long priceCacheReadPicos,
    @Nullable Long priceCacheWritePicos,
    @Nullable Long firstByteMicros,
    @Nullable Long durationMicros,
    Instant createdAt,
    @Nullable Instant completedAt) {}
