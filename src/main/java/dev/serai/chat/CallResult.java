package dev.serai.chat;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * One whole answer.
 *
 * @param content the text of the first choice; empty when it only calls tools; of an embeddings
 *     answer the vector as JSON, or an array of all
 * @param model the model that answered, as the provider names it
 * @param tokensInput prompt tokens
 * @param tokensOutput completion tokens
 * @param cost in USD; null when the model has no price
 * @param raw the provider's answer as JSON, byte for byte
 * @param logprobs the first choice's log probabilities as JSON; null when not asked for
 */
public record CallResult(
    String content,
    String model,
    long tokensInput,
    long tokensOutput,
    @Nullable BigDecimal cost,
    String raw,
    @Nullable String logprobs) {}
