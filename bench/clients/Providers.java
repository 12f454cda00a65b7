import dev.serai.provider.Bedrock;
import dev.serai.provider.Behaviour;
import dev.serai.provider.Call;
import dev.serai.provider.Embedded;
import dev.serai.provider.FakeProvider;
import dev.serai.provider.Messages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The test provider four times, each in another provider's protocol, until standard input ends:
 * {@code java --class-path <test classes and the gateway's libraries> Providers.java}. Prints the
 * environment by which the gateway finds them. Each answers by what it is asked: tools with two
 * calls, a JSON schema with JSON, "please fail" with an error of its own, all else with a sentence.
 */
final class Providers {
  private static final String TEXT = "Forty camels drink at the well.";
  private static final String JSON = "{\"city\":\"Sivas\",\"camels\":40}";
  private static final String REFUSAL = "The provider was asked to fail.";
  private static final List<String> CITIES = List.of("Sivas", "Tokat");

  public static void main(String[] args) throws Exception {
    say("OPENAI_BASE_URL", FakeProvider.start().script(call -> openAi(call, "")), "");
    say(
        "OPENROUTER_BASE_URL",
        FakeProvider.start().script(call -> openAi(call, ": OPENROUTER PROCESSING\n\n")),
        "");
    say("ANTHROPIC_BASE_URL", FakeProvider.start().script(Providers::anthropic), "/v1");
    say("AWS_ENDPOINT_URL_BEDROCK_RUNTIME", FakeProvider.start().script(Providers::bedrock), "/v1");
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private static void say(String variable, FakeProvider provider, String without) {
    String url = provider.baseUrl();
    System.out.println(variable + "=" + url.substring(0, url.length() - without.length()));
  }

  private static boolean asks(Call call, String text) {
    return new String(call.body(), StandardCharsets.UTF_8).contains(text);
  }

  private static Behaviour openAi(Call call, String comment) {
    if (asks(call, "please fail")) {
      return Behaviour.json(
          400, "{\"error\":{\"message\":\"" + REFUSAL + "\",\"type\":\"invalid_request_error\"}}");
    }
    if (call.embeddings()) {
      return Behaviour.vectors();
    }
    if (asks(call, "\"tools\"") && !asks(call, "\"tool_call_id\"")) {
      return call.streaming()
          ? openAiStream(comment, openAiCalls(true))
          : Behaviour.message(
              "{\"role\":\"assistant\",\"content\":null,\"tool_calls\":["
                  + openAiCalls(false).stream().collect(Collectors.joining(","))
                  + "]}",
              "tool_calls");
    }
    return Behaviour.answer(asks(call, "\"json_schema\"") ? JSON : TEXT);
  }

  /** Whole calls, or the deltas of a stream. */
  private static List<String> openAiCalls(boolean deltas) {
    List<String> calls = new ArrayList<>();
    for (int i = 0; i < CITIES.size(); i++) {
      String head =
          "\"id\":\"call_%d\",\"type\":\"function\",\"function\":{\"name\":\"weather\",\"arguments\":"
              .formatted(i);
      String end = "\\\"" + CITIES.get(i) + "\\\"}\"}}";
      if (deltas) {
        calls.add("{\"index\":%d,%s\"\"}}".formatted(i, head));
        calls.add("{\"index\":%d,\"function\":{\"arguments\":\"{\\\"city\\\":\"}}".formatted(i));
        calls.add("{\"index\":%d,\"function\":{\"arguments\":\"%s".formatted(i, end));
      } else {
        calls.add("{" + head + "\"{\\\"city\\\":" + end);
      }
    }
    return calls;
  }

  private static Behaviour openAiStream(String comment, List<String> calls) {
    return reply -> {
      reply.open(200, Map.of("Content-Type", "text/event-stream"));
      reply.event(
          (comment + chunk("{\"role\":\"assistant\",\"content\":null}", "null")).getBytes());
      for (String call : calls) {
        reply.event(chunk("{\"tool_calls\":[" + call + "]}", "null").getBytes());
      }
      reply.event(chunk("{}", "\"tool_calls\"").getBytes());
      reply.event("data: [DONE]\n\n".getBytes());
      reply.end();
    };
  }

  private static String chunk(String delta, String finishReason) {
    return """
    data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1700000000,\
    "model":"fake","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}

    """
        .formatted(delta, finishReason);
  }

  private static Behaviour anthropic(Call call) {
    if (asks(call, "please fail")) {
      return Messages.error(400, "invalid_request_error", REFUSAL);
    }
    if (asks(call, "answer_in_json")) {
      return Messages.blocks("tool_use", anthropicCall("toolu_0", "answer_in_json", JSON));
    }
    if (asks(call, "\"tools\"") && !asks(call, "\"tool_result\"")) {
      return Messages.blocks(
          "tool_use",
          CITIES.stream()
              .map(city -> anthropicCall("toolu_" + city, "weather", "{\"city\":\"" + city + "\"}"))
              .toArray(String[]::new));
    }
    return Messages.answer(TEXT);
  }

  private static String anthropicCall(String id, String name, String input) {
    return "{\"type\":\"tool_use\",\"id\":\"%s\",\"name\":\"%s\",\"input\":%s}"
        .formatted(id, name, input);
  }

  private static Behaviour bedrock(Call call) {
    if (asks(call, "please fail")) {
      return Bedrock.error(400, "ValidationException", REFUSAL);
    }
    if (call.path().endsWith("/invoke")) {
      return bedrockVectors(call);
    }
    boolean stream = call.path().endsWith("/converse-stream");
    if (asks(call, "answer_in_json")) {
      return bedrockCalls(stream, "answer_in_json", List.of(JSON));
    }
    if (asks(call, "\"toolConfig\"") && !asks(call, "\"toolResult\"")) {
      return bedrockCalls(
          stream, "weather", CITIES.stream().map(city -> "{\"city\":\"" + city + "\"}").toList());
    }
    return stream
        ? Bedrock.stream(Duration.ZERO, Bedrock.texts(TEXT.split("(?<= )")))
        : Bedrock.says(TEXT);
  }

  private static Behaviour bedrockVectors(Call call) {
    if (call.json().has("inputText")) {
      return Bedrock.converse(
          "{\"embedding\":%s,\"inputTextTokenCount\":4}"
              .formatted(Arrays.toString(Embedded.vector(call.json().path("inputText").asText()))));
    }
    List<String> vectors = new ArrayList<>();
    call.json()
        .path("texts")
        .forEach(text -> vectors.add(Arrays.toString(Embedded.vector(text.asText()))));
    byte[] body = ("{\"embeddings\":{\"float\":" + vectors + "}}").getBytes();
    Map<String, String> headers =
        Map.of("Content-Type", "application/json", "X-Amzn-Bedrock-Input-Token-Count", "8");
    return reply -> reply.whole(200, headers, body);
  }

  private static Behaviour bedrockCalls(boolean stream, String name, List<String> inputs) {
    List<String> blocks = new ArrayList<>();
    List<byte[]> messages = new ArrayList<>(Bedrock.begin());
    for (int i = 0; i < inputs.size(); i++) {
      String head = "\"toolUse\":{\"toolUseId\":\"t%d\",\"name\":\"%s\"".formatted(i, name);
      blocks.add("{%s,\"input\":%s}}".formatted(head, inputs.get(i)));
      String index = "{\"contentBlockIndex\":" + i;
      messages.add(Bedrock.event("contentBlockStart", index + ",\"start\":{" + head + "}}}"));
      for (String piece : inputs.get(i).split("(?<=:)")) {
        messages.add(
            Bedrock.event(
                "contentBlockDelta",
                index
                    + ",\"delta\":{\"toolUse\":{\"input\":\""
                    + piece.replace("\"", "\\\"")
                    + "\"}}}"));
      }
      messages.add(Bedrock.event("contentBlockStop", index + "}"));
    }
    String usage =
        "\"usage\":{\"inputTokens\":11,\"outputTokens\":7,\"totalTokens\":18},\"metrics\":{\"latencyMs\":1}}";
    messages.add(Bedrock.event("messageStop", "{\"stopReason\":\"tool_use\"}"));
    messages.add(Bedrock.event("metadata", "{" + usage));
    return stream
        ? Bedrock.stream(Duration.ZERO, messages)
        : Bedrock.converse(
            "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":%s}},\"stopReason\":\"tool_use\",%s"
                .formatted(blocks, usage));
  }
}
