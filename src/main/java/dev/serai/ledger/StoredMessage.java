package dev.serai.ledger;

import dev.serai.chat.ChatMessage;
import java.time.Instant;

/**
 * A message of a conversation.
 *
 * @param sequence its place, rising from 1; there may be gaps
 * @param tokens input tokens that it adds to a request
 * @param requestId the request that brought or answered it
 */
public record StoredMessage(
    long sequence, ChatMessage message, long tokens, String requestId, Instant createdAt) {}
