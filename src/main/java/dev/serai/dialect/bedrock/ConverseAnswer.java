package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.chat.Completion;
import dev.serai.dialect.chat.Thought;
import dev.serai.dialect.chat.ToolCall;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.CitationGeneratedContent;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ReasoningContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.TokenUsage;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;

/** Gathers a whole answer from its content blocks. */
public final class ConverseAnswer {

  private final @Nullable String answerTool;
  private final StringBuilder text = new StringBuilder();
  private final StringBuilder reasoning = new StringBuilder();
  private final List<Thought> thoughts = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private @Nullable String json;

  private ConverseAnswer(@Nullable String answerTool) {
    this.answerTool = answerTool;
  }

  /**
   * An answer as OpenAI's {@code chat.completion}, UTF-8.
   *
   * @param head id, model and time of the answer
   * @param answerTool as {@link Conversation#answerTool}
   * @param message what the model said
   * @param reason why it ended
   * @param usage what was used; null when Bedrock does not say
   */
  public static byte[] json(
      Head head,
      @Nullable String answerTool,
      Message message,
      StopReason reason,
      @Nullable TokenUsage usage) {
    ConverseAnswer answer = new ConverseAnswer(answerTool);
    message.content().forEach(answer::add);
    return answer.completion(head, reason, usage).json();
  }

  private Completion completion(Head head, StopReason reason, @Nullable TokenUsage usage) {
    String content = json != null ? json : text.isEmpty() ? null : text.toString();
    return new Completion(
        head.id(),
        head.model(),
        head.created(),
        content == null && calls.isEmpty() ? "" : content,
        reasoning.isEmpty() ? null : reasoning.toString(),
        thoughts,
        calls,
        Outcomes.finishReason(reason, !calls.isEmpty()).word(),
        Outcomes.usage(usage));
  }

  private void add(ContentBlock block) {
    switch (block.type()) {
      case TEXT -> text.append(block.text());
      case TOOL_USE -> addCall(block.toolUse());
      case REASONING_CONTENT -> addThought(block.reasoningContent());
      case CITATIONS_CONTENT -> {
        for (CitationGeneratedContent cited : block.citationsContent().content()) {
          text.append(cited.text() == null ? "" : cited.text());
        }
      }
      // Images and what future models may add have no place in a chat completion.
      default -> {}
    }
  }

  private void addCall(ToolUseBlock use) {
    ObjectNode arguments = arguments(use.input());
    if (use.name().equals(answerTool)) {
      json = arguments.toString();
    } else {
      calls.add(new ToolCall(use.toolUseId(), use.name(), arguments));
    }
  }

  private static ObjectNode arguments(@Nullable Document input) {
    return input != null && Documents.json(input) instanceof ObjectNode object
        ? object
        : JsonNodeFactory.instance.objectNode();
  }

  private void addThought(ReasoningContentBlock block) {
    if (block.redactedContent() != null) {
      byte[] data = block.redactedContent().asByteArrayUnsafe();
      thoughts.add(new Thought(null, null, Base64.getEncoder().encodeToString(data)));
    } else if (block.reasoningText() != null) {
      String thought = block.reasoningText().text();
      reasoning.append(thought);
      thoughts.add(new Thought(thought, block.reasoningText().signature(), null));
    }
  }
}
