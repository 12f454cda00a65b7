package dev.serai.dialect.bedrock;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.chat.AnswerFormat;
import dev.serai.dialect.chat.Message;
import dev.serai.dialect.chat.Prompt;
import dev.serai.dialect.chat.ToolCall;
import dev.serai.dialect.chat.ToolChoice;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;

/**
 * The tools of a request. An answer in JSON is had by a tool whose arguments are the answer, and
 * which the model must call.
 */
final class ToolOffer {

  private static final String ANSWER = "answer_in_json";

  private static final String WHAT_FOR =
      "Gives the answer to the user. Call it exactly once, with the whole answer as its arguments.";

  private final Prompt prompt;
  private final @Nullable String answerTool;
  private final boolean free;
  private final List<Tool> tools = new ArrayList<>();

  private ToolOffer(Prompt prompt, @Nullable String answerTool, boolean free) {
    this.prompt = prompt;
    this.answerTool = answerTool;
    this.free = free;
  }

  /** A name for the tool whose arguments are the answer; null where the answer is text. */
  static @Nullable String answerTool(Prompt prompt) {
    ToolChoice choice = prompt.toolChoice();
    // Who must call one of the caller's tools gives no answer yet.
    boolean mustCall = choice instanceof ToolChoice.Named || choice instanceof ToolChoice.Required;
    if (prompt.answerFormat() == null || mustCall) {
      return null;
    }
    StringBuilder name = new StringBuilder(ANSWER);
    while (prompt.tools().stream().anyMatch(tool -> tool.name().contentEquals(name))) {
      name.append('_');
    }
    return name.toString();
  }

  /**
   * The tools to send; null when there are none.
   *
   * @param answerTool as {@link #answerTool} says
   * @param free whether the model cannot be made to call a tool, as while it reasons
   */
  static @Nullable ToolConfiguration of(Prompt prompt, @Nullable String answerTool, boolean free) {
    return new ToolOffer(prompt, answerTool, free).configuration();
  }

  private @Nullable ToolConfiguration configuration() {
    boolean none = prompt.toolChoice() instanceof ToolChoice.None;
    if (!none) {
      prompt.tools().forEach(this::add);
    }
    AnswerFormat format = prompt.answerFormat();
    if (format != null && answerTool != null) {
      tools.add(answer(answerTool, format));
    }
    if (tools.isEmpty()) {
      addMentioned();
    }
    if (tools.isEmpty()) {
      return null;
    }
    ToolConfiguration.Builder configuration = ToolConfiguration.builder().tools(tools);
    choose(configuration, none);
    return configuration.build();
  }

  private void add(dev.serai.dialect.chat.Tool tool) {
    tools.add(spec(tool.name(), tool.description(), tool.schema()));
    CachePoints.add(tool.cacheControl(), point -> tools.add(Tool.fromCachePoint(point)));
  }

  private static Tool spec(String name, @Nullable String description, ObjectNode schema) {
    return Tool.fromToolSpec(
        spec -> {
          spec.name(name).inputSchema(input -> input.json(Documents.of(schema)));
          if (description != null && !description.isEmpty()) {
            spec.description(description);
          }
        });
  }

  private static Tool answer(String name, AnswerFormat format) {
    return switch (format) {
      case AnswerFormat.AnyJson json -> spec(name, WHAT_FOR, anyObject());
      case AnswerFormat.Schema schema ->
          spec(
              name,
              schema.description() == null ? WHAT_FOR : WHAT_FOR + " " + schema.description(),
              schema.schema());
    };
  }

  private static ObjectNode anyObject() {
    return JsonNodeFactory.instance.objectNode().put("type", "object");
  }

  /** Bedrock refuses a history with tool calls where no tool is defined. */
  private void addMentioned() {
    Set<String> names = new LinkedHashSet<>();
    for (Message message : prompt.messages()) {
      for (ToolCall call : message.toolCalls()) {
        names.add(call.name());
      }
    }
    names.forEach(name -> tools.add(spec(name, null, anyObject())));
  }

  /**
   * Whether the model is of one of these, or is somebody's own name for a model. To the others the
   * tool is only offered: Bedrock refuses to force them.
   *
   * @see <a
   *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html">who
   *     can be forced</a>
   */
  private boolean canBeMadeToCall(String... makers) {
    String model = prompt.model();
    boolean ownName = model.startsWith("arn:") && model.indexOf('.') < 0;
    return ownName || Stream.of(makers).anyMatch(model::contains);
  }

  private void choose(ToolConfiguration.Builder configuration, boolean none) {
    ToolChoice choice = prompt.toolChoice();
    if (free) {
      return;
    }
    if (choice instanceof ToolChoice.Named(String name)) {
      configuration.toolChoice(to -> to.tool(tool -> tool.name(name)));
    } else if (answerTool != null) {
      boolean alone = none || prompt.tools().isEmpty();
      if (alone && canBeMadeToCall("anthropic.", "amazon.nova")) {
        configuration.toolChoice(to -> to.tool(tool -> tool.name(answerTool)));
      } else if (canBeMadeToCall("anthropic.", "amazon.nova", "mistral.")) {
        configuration.toolChoice(to -> to.any(any -> {}));
      }
    } else if (choice instanceof ToolChoice.Required) {
      configuration.toolChoice(to -> to.any(any -> {}));
    } else if (choice instanceof ToolChoice.Auto && !ModelFields.oneCallAtATime(prompt)) {
      configuration.toolChoice(to -> to.auto(auto -> {}));
    }
  }
}
