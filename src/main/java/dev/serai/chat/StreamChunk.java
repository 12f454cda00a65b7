package dev.serai.chat;

/**
 * One event of a streamed answer.
 *
 * @param content the text that this event adds; may be empty
 * @param tokensOutput completion tokens so far where the event says so, else -1
 * @param raw the event's data as JSON, byte for byte
 */
public record StreamChunk(String content, long tokensOutput, String raw) {}
