package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.chat.Usage;
import dev.serai.dialect.EventFacts;
import dev.serai.dialect.StreamEvents;
import dev.serai.dialect.chat.ChunkWriter;
import dev.serai.dialect.chat.Thought;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer of the Messages API, event by event in OpenAI's form. Nothing goes out before
 * there is some content, so that an overloaded provider can still be asked again; what goes out in
 * its place, on a ping, is a comment.
 *
 * @see <a href="https://docs.anthropic.com/en/docs/build-with-claude/streaming">Streaming at
 *     Anthropic</a>
 */
public final class MessagesEvents {

  private static final byte[] PING = ": ping\n\n".getBytes(StandardCharsets.US_ASCII);

  /** A block that is being written. */
  private sealed interface Block {
    /** Text, or what says nothing. */
    record Text() implements Block {}

    /** Reasoning, the piece with this index. */
    record Thoughts(int index) implements Block {}

    /** A call of a tool, the call with this index. */
    record Arguments(int index) implements Block {}

    /** The answer itself, which must be JSON. */
    record Answer() implements Block {}
  }

  private final @Nullable String answerTool;
  private final long created;
  private final MessagesUsage usage = new MessagesUsage();
  private final Map<Integer, Block> blocks = new HashMap<>();

  /** Text beside an answer that must be JSON; goes out only when no such answer comes. */
  private final StringBuilder beside = new StringBuilder();

  private ChunkWriter writer;
  private boolean begun;
  private boolean finished;
  private boolean answered;
  private boolean blockIsEmpty;
  private int thoughts;
  private int calls;

  /**
   * Begins an answer.
   *
   * @param answerTool see {@link MessagesRequest#answerTool}
   * @param created seconds since 1970
   */
  public MessagesEvents(@Nullable String answerTool, long created) {
    this.answerTool = answerTool;
    this.created = created;
    this.writer = new ChunkWriter("", "", created);
  }

  /** Adds what an event says, as events: none, one or several. */
  public void event(byte[] event, Queue<byte[]> out) {
    JsonNode json = StreamEvents.json(event);
    if (json == null) {
      boolean comment = EventFacts.of(event).kind() == EventFacts.Kind.COMMENT;
      out.add(comment ? event : MessagesError.unreadable());
      return;
    }
    switch (json.path("type").asText()) {
      case "message_start" -> start(json.path("message"));
      case "content_block_start" ->
          blockStart(json.path("index").asInt(), json.path("content_block"), out);
      case "content_block_delta" ->
          blockDelta(blocks.get(json.path("index").asInt()), json.path("delta"), out);
      case "content_block_stop" -> blockStop(blocks.remove(json.path("index").asInt()), out);
      case "message_delta" -> end(json, out);
      case "message_stop" -> out.add(writer.done());
      case "ping" -> out.add(PING.clone());
      case "error" -> out.add(MessagesError.event(json.path("error")));
      default -> {}
    }
  }

  private void start(JsonNode message) {
    writer = new ChunkWriter(message.path("id").asText(), message.path("model").asText(), created);
    usage.read(message.path("usage"));
  }

  private void send(byte[] chunk, Queue<byte[]> out) {
    if (!begun) {
      begun = true;
      out.add(writer.role());
    }
    out.add(chunk);
  }

  private void blockStart(int index, JsonNode block, Queue<byte[]> out) {
    blockIsEmpty = true;
    switch (block.path("type").asText()) {
      case "thinking" -> {
        blocks.put(index, new Block.Thoughts(thoughts++));
        blockDelta(blocks.get(index), block, out);
      }
      case "redacted_thinking" ->
          send(
              writer.thought(thoughts++, new Thought(null, null, block.path("data").asText())),
              out);
      case "tool_use" -> toolStart(index, block, out);
      case "text" -> {
        blocks.put(index, new Block.Text());
        blockDelta(blocks.get(index), block, out);
      }
      default -> {}
    }
  }

  private void toolStart(int index, JsonNode block, Queue<byte[]> out) {
    String name = block.path("name").asText();
    if (name.equals(answerTool)) {
      answered = true;
      blocks.put(index, new Block.Answer());
    } else {
      send(writer.toolCall(calls, block.path("id").asText(), name), out);
      blocks.put(index, new Block.Arguments(calls++));
    }
  }

  private void blockDelta(@Nullable Block block, JsonNode delta, Queue<byte[]> out) {
    switch (block) {
      case Block.Text t -> text(delta.path("text").asText(), out);
      case Block.Thoughts thought -> reasoning(thought.index(), delta, out);
      case Block.Arguments call -> {
        String json = delta.path("partial_json").asText();
        if (!json.isEmpty()) {
          blockIsEmpty = false;
          send(writer.arguments(call.index(), json), out);
        }
      }
      case Block.Answer a -> {
        String json = delta.path("partial_json").asText();
        if (!json.isEmpty()) {
          blockIsEmpty = false;
          send(writer.content(json), out);
        }
      }
      case null -> {}
    }
  }

  private void text(String text, Queue<byte[]> out) {
    if (text.isEmpty()) {
      return;
    }
    if (answerTool == null) {
      send(writer.content(text), out);
    } else {
      beside.append(text);
    }
  }

  private void reasoning(int index, JsonNode delta, Queue<byte[]> out) {
    String text = delta.path("thinking").asText();
    if (!text.isEmpty()) {
      send(writer.reasoning(index, text), out);
    }
    String signature = delta.path("signature").asText();
    if (!signature.isEmpty()) {
      send(writer.thought(index, new Thought(null, signature, null)), out);
    }
  }

  /** A call without arguments comes without any JSON; callers expect an object. */
  private void blockStop(@Nullable Block block, Queue<byte[]> out) {
    if (blockIsEmpty && block instanceof Block.Arguments call) {
      send(writer.arguments(call.index(), "{}"), out);
    } else if (blockIsEmpty && block instanceof Block.Answer) {
      send(writer.content("{}"), out);
    }
  }

  private void end(JsonNode event, Queue<byte[]> out) {
    usage.read(event.path("usage"));
    JsonNode reason = event.path("delta").path("stop_reason");
    if (!reason.isTextual() || finished) {
      return;
    }
    finished = true;
    if (!answered && !beside.isEmpty()) {
      send(writer.content(beside.toString()), out);
    }
    send(writer.finish(StopReasons.finish(reason.textValue(), calls > 0)), out);
    Usage used = usage.usage();
    if (used != null) {
      out.add(writer.usage(used));
    }
  }
}
