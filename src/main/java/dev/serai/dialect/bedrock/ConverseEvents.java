package dev.serai.dialect.bedrock;

import dev.serai.chat.Usage;
import dev.serai.dialect.chat.ChunkWriter;
import dev.serai.dialect.chat.Thought;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockDeltaEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlockStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamMetadataEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamOutput;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStartEvent;
import software.amazon.awssdk.services.bedrockruntime.model.MessageStopEvent;
import software.amazon.awssdk.services.bedrockruntime.model.ReasoningContentBlockDelta;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlockStart;

/**
 * Turns the events of one stream into OpenAI's, as they come. Each gives none, one or two; the mark
 * at the end is for {@link #end}. Used by one thread at a time.
 */
public final class ConverseEvents {

  private static final int ANSWER_IN_JSON = -1;

  private final ChunkWriter chunks;
  private final @Nullable String answerTool;
  private final Consumer<byte[]> out;
  private final Visitor visitor = new Visitor();
  private final Map<Integer, Integer> callOfBlock = new HashMap<>();
  private boolean withoutArguments;
  private final StringBuilder heldBack = new StringBuilder();
  private int calls;
  private boolean jsonCame;
  private boolean stopped;

  /**
   * A translator for one answer.
   *
   * @param answerTool as {@link Conversation#answerTool}
   * @param out takes the events, each with its blank line
   */
  public ConverseEvents(Head head, @Nullable String answerTool, Consumer<byte[]> out) {
    this.chunks = new ChunkWriter(head.id(), head.model(), head.created());
    this.answerTool = answerTool;
    this.out = out;
  }

  /** Translates one event; those that a future Bedrock may add are passed over. */
  public void add(ConverseStreamOutput event) {
    event.accept(visitor);
  }

  /**
   * The stream came to its end.
   *
   * @return false when that was before the answer's own end, so that something is missing
   */
  public boolean end() {
    if (stopped) {
      out.accept(chunks.done());
    }
    return stopped;
  }

  private void content(String text) {
    if (text.isEmpty()) {
      return;
    }
    if (answerTool != null) {
      // What a model says around its JSON is no part of the answer, unless there is no JSON.
      heldBack.append(text);
    } else {
      out.accept(chunks.content(text));
    }
  }

  private void reasoning(int block, ReasoningContentBlockDelta delta) {
    if (delta.text() != null) {
      out.accept(chunks.reasoning(block, delta.text()));
    } else if (delta.signature() != null) {
      out.accept(chunks.thought(block, new Thought(null, delta.signature(), null)));
    } else if (delta.redactedContent() != null) {
      byte[] data = delta.redactedContent().asByteArrayUnsafe();
      String base64 = Base64.getEncoder().encodeToString(data);
      out.accept(chunks.thought(block, new Thought(null, null, base64)));
    }
  }

  private void arguments(@Nullable Integer call, String json) {
    if (call == null || json.isEmpty()) {
      return;
    }
    withoutArguments = false;
    if (call == ANSWER_IN_JSON) {
      out.accept(chunks.content(json));
    } else {
      out.accept(chunks.arguments(call, json));
    }
  }

  private final class Visitor implements ConverseStreamResponseHandler.Visitor {
    @Override
    public void visitMessageStart(MessageStartEvent event) {
      out.accept(chunks.role());
    }

    @Override
    public void visitContentBlockStart(ContentBlockStartEvent event) {
      withoutArguments = true;
      ToolUseBlockStart use = event.start() == null ? null : event.start().toolUse();
      if (use == null) {
        return;
      }
      if (use.name().equals(answerTool)) {
        jsonCame = true;
        callOfBlock.put(event.contentBlockIndex(), ANSWER_IN_JSON);
      } else {
        callOfBlock.put(event.contentBlockIndex(), calls);
        out.accept(chunks.toolCall(calls, use.toolUseId(), use.name()));
        calls++;
      }
    }

    @Override
    public void visitContentBlockDelta(ContentBlockDeltaEvent event) {
      ContentBlockDelta delta = event.delta();
      if (delta == null) {
        return;
      }
      if (delta.text() != null) {
        content(delta.text());
      } else if (delta.toolUse() != null && delta.toolUse().input() != null) {
        arguments(callOfBlock.get(event.contentBlockIndex()), delta.toolUse().input());
      } else if (delta.reasoningContent() != null) {
        reasoning(event.contentBlockIndex(), delta.reasoningContent());
      }
    }

    /** A call without arguments comes without any JSON; callers expect an object. */
    @Override
    public void visitContentBlockStop(ContentBlockStopEvent event) {
      if (withoutArguments) {
        arguments(callOfBlock.get(event.contentBlockIndex()), "{}");
      }
    }

    @Override
    public void visitMessageStop(MessageStopEvent event) {
      if (!jsonCame && !heldBack.isEmpty()) {
        out.accept(chunks.content(heldBack.toString()));
      }
      stopped = true;
      out.accept(chunks.finish(Outcomes.finishReason(event.stopReason(), calls > 0).word()));
    }

    @Override
    public void visitMetadata(ConverseStreamMetadataEvent event) {
      Usage usage = Outcomes.usage(event.usage());
      if (usage != null) {
        out.accept(chunks.usage(usage));
      }
    }
  }
}
