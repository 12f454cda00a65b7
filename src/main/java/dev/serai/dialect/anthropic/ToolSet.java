package dev.serai.dialect.anthropic;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.dialect.Json;
import dev.serai.dialect.chat.AnswerFormat;
import dev.serai.dialect.chat.Prompt;
import dev.serai.dialect.chat.Tool;
import dev.serai.dialect.chat.ToolChoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tools of a request and which of them must be called. An answer that must be JSON is asked for
 * as the arguments of a tool of its own.
 *
 * @param tools the caller's
 * @param choice the caller's; null for Anthropic's default
 * @param parallel the caller's; null for Anthropic's default
 * @param answer the form of the answer, where it is asked for by a tool; null where it is not
 * @param answerTool the name of that tool; null where there is none
 * @param thinks whether Claude thinks, so that no call can be forced
 */
record ToolSet(
    List<Tool> tools,
    @Nullable ToolChoice choice,
    @Nullable Boolean parallel,
    @Nullable AnswerFormat answer,
    @Nullable String answerTool,
    boolean thinks) {

  private static final String ANSWER = "answer_in_json";

  static ToolSet of(Prompt prompt) {
    ToolChoice choice = prompt.toolChoice();
    // Who must call one of the caller's tools gives no answer yet.
    boolean mustCall = choice instanceof ToolChoice.Named || choice instanceof ToolChoice.Required;
    AnswerFormat answer = mustCall ? null : prompt.answerFormat();
    String thinking = prompt.rest().path("thinking").path("type").asText("disabled");
    return new ToolSet(
        prompt.tools(),
        choice,
        prompt.parallelToolCalls(),
        answer,
        answer == null ? null : free(prompt.tools()),
        !thinking.equals("disabled"));
  }

  private static String free(List<Tool> tools) {
    String name = ANSWER;
    while (isTaken(name, tools)) {
      name += "_";
    }
    return name;
  }

  private static boolean isTaken(String name, List<Tool> tools) {
    return tools.stream().anyMatch(tool -> tool.name().equals(name));
  }

  /** Whether some tool must be called. */
  boolean forced() {
    return answer != null
        || choice instanceof ToolChoice.Named
        || choice instanceof ToolChoice.Required;
  }

  void write(ObjectNode request) {
    if (tools.isEmpty() && answer == null) {
      return;
    }
    ArrayNode all = request.putArray("tools");
    for (Tool tool : tools) {
      ObjectNode one = all.addObject().put("name", tool.name());
      if (tool.description() != null) {
        one.put("description", tool.description());
      }
      one.set("input_schema", tool.schema());
      if (tool.cacheControl() != null) {
        one.set("cache_control", tool.cacheControl());
      }
    }
    if (answer != null && answerTool != null) {
      addAnswerTool(all, answer, answerTool);
    }
    ObjectNode how = how();
    if (how != null) {
      request.set("tool_choice", how);
    }
  }

  private static void addAnswerTool(ArrayNode all, AnswerFormat answer, String name) {
    ObjectNode tool = all.addObject().put("name", name);
    switch (answer) {
      case AnswerFormat.AnyJson any -> {
        tool.put("description", "Gives the whole answer, as the fields of one JSON object.");
        tool.putObject("input_schema").put("type", "object").put("additionalProperties", true);
      }
      case AnswerFormat.Schema schema -> {
        String about = schema.description();
        tool.put(
            "description",
            "Gives the whole answer, as JSON." + (about == null ? "" : " It is: " + about));
        tool.set("input_schema", schema.schema());
      }
    }
  }

  private @Nullable ObjectNode how() {
    ObjectNode how = Json.TREES.createObjectNode();
    if (answer != null) {
      boolean others = !tools.isEmpty() && !(choice instanceof ToolChoice.None);
      if (thinks) {
        return how.put("type", "auto");
      }
      return others
          ? oneAtATime(how.put("type", "any"))
          : how.put("type", "tool").put("name", answerTool).put("disable_parallel_tool_use", true);
    }
    return switch (choice) {
      case ToolChoice.Auto a -> oneAtATime(how.put("type", "auto"));
      case ToolChoice.None n -> how.put("type", "none");
      case ToolChoice.Required r -> oneAtATime(how.put("type", "any"));
      case ToolChoice.Named named -> oneAtATime(how.put("type", "tool").put("name", named.name()));
      case null -> mayBeParallel() ? null : oneAtATime(how.put("type", "auto"));
    };
  }

  private boolean mayBeParallel() {
    return parallel == null || parallel;
  }

  private ObjectNode oneAtATime(ObjectNode how) {
    return mayBeParallel() ? how : how.put("disable_parallel_tool_use", true);
  }
}
