package dev.serai.dialect.chat;

import dev.serai.chat.ServiceTier;
import dev.serai.chat.Usage;
import dev.serai.dialect.Json;
import java.nio.charset.StandardCharsets;

/** Writes the events of one streamed answer in OpenAI's form, each with its blank line. */
public final class ChunkWriter {

  private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

  private final String frame;

  /**
   * A writer for one answer.
   *
   * @param id the answer's id
   * @param model the model that answers, as the provider names it
   * @param created seconds since 1970
   */
  public ChunkWriter(String id, String model, long created) {
    frame =
        "data: {\"id\":"
            + Json.quote(id)
            + ",\"object\":\"chat.completion.chunk\",\"created\":"
            + created
            + ",\"model\":"
            + Json.quote(model)
            + ",\"choices\":[";
  }

  /** The first chunk: whose message it is. */
  public byte[] role() {
    return delta("\"role\":\"assistant\",\"content\":\"\"");
  }

  /** More of the answer's text. */
  public byte[] content(String text) {
    return delta("\"content\":" + Json.quote(text));
  }

  /**
   * More of the reasoning, to be read and to be sent back.
   *
   * @param index which piece of it, from 0; chunks with the same index are put together
   */
  public byte[] reasoning(int index, String text) {
    return delta(
        "\"reasoning_content\":"
            + Json.quote(text)
            + ",\"reasoning_details\":["
            + ThoughtJson.of(index, new Thought(text, null, null))
            + "]");
  }

  /**
   * What a piece of reasoning needs beside its text to be sent back.
   *
   * @param index as in {@link #reasoning}
   * @param thought what is new of it
   */
  public byte[] thought(int index, Thought thought) {
    return delta("\"reasoning_details\":[" + ThoughtJson.of(index, thought) + "]");
  }

  /**
   * The beginning of a tool call; its arguments follow.
   *
   * @param index which call of the answer, from 0
   */
  public byte[] toolCall(int index, String id, String name) {
    return delta(
        "\"tool_calls\":[{\"index\":"
            + index
            + ",\"id\":"
            + Json.quote(id)
            + ",\"type\":\"function\",\"function\":{\"name\":"
            + Json.quote(name)
            + ",\"arguments\":\"\"}}]");
  }

  /** More of a tool call's arguments, as text. */
  public byte[] arguments(int index, String json) {
    return delta(
        "\"tool_calls\":[{\"index\":"
            + index
            + ",\"function\":{\"arguments\":"
            + Json.quote(json)
            + "}}]");
  }

  /** The chunk that ends the answer; see {@link FinishReason#word}. */
  public byte[] finish(String reason) {
    return event("{\"index\":0,\"delta\":{},\"finish_reason\":" + Json.quote(reason) + "}]}");
  }

  /** The chunk without a choice that says what was used. */
  public byte[] usage(Usage usage) {
    ServiceTier tier = usage.serviceTier();
    String served =
        tier == ServiceTier.STANDARD ? "" : ",\"service_tier\":" + Json.quote(tier.label());
    return event("]" + served + ",\"usage\":" + UsageJson.of(usage) + "}");
  }

  /** The mark at the end of the stream. */
  public byte[] done() {
    return DONE.clone();
  }

  private byte[] delta(String fields) {
    return event("{\"index\":0,\"delta\":{" + fields + "},\"finish_reason\":null}]}");
  }

  private byte[] event(String tail) {
    return (frame + tail + "\n\n").getBytes(StandardCharsets.UTF_8);
  }
}
