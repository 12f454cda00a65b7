package dev.serai.dialect.bedrock;

import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.chat.Prompt;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InferenceConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;

/**
 * A chat request in the terms of Converse.
 *
 * @param modelId a model, an inference profile or an ARN of either
 * @param system instructions; empty when there are none
 * @param messages the sides in turn
 * @param inference limits and sampling; null when the model's own apply
 * @param tools what the model may call; null when there is none
 * @param additional the model's own fields; null when there are none
 * @param metadata for the owner of the AWS account to filter logs by
 * @param answerTool the tool whose arguments are the answer, which must be JSON; null where the
 *     answer is text
 * @see <a
 *     href="https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html">Converse</a>
 */
public record Conversation(
    String modelId,
    List<SystemContentBlock> system,
    List<Message> messages,
    @Nullable InferenceConfiguration inference,
    @Nullable ToolConfiguration tools,
    @Nullable Document additional,
    Map<String, String> metadata,
    @Nullable String answerTool) {

  /** Beyond it Converse refuses; OpenAI's scale goes to 2. */
  private static final BigDecimal HOTTEST = BigDecimal.ONE;

  /**
   * Translates a request.
   *
   * @param maxAnswerTokens room for a Claude that reasons, where the request names no limit
   * @throws InvalidRequestException when it holds what Bedrock cannot read
   */
  public static Conversation of(Prompt prompt, long maxAnswerTokens) {
    MessageBlocks blocks = new MessageBlocks(prompt.messages());
    String answerTool = ToolOffer.answerTool(prompt);
    ModelFields fields = ModelFields.of(prompt, maxAnswerTokens, answerTool != null);
    return new Conversation(
        prompt.model(),
        blocks.system(),
        blocks.messages(),
        inference(prompt, fields),
        ToolOffer.of(prompt, answerTool, fields.thinking()),
        fields.document(),
        RequestMetadata.of(prompt.endUser()),
        answerTool);
  }

  private static @Nullable InferenceConfiguration inference(Prompt prompt, ModelFields fields) {
    InferenceConfiguration.Builder inference = InferenceConfiguration.builder();
    Long maxTokens = fields.maxTokens();
    if (maxTokens != null) {
      inference.maxTokens(Math.clamp(maxTokens, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    // A Claude that thinks takes no other sampling than its own.
    if (!fields.thinking()) {
      BigDecimal temperature = prompt.temperature();
      inference
          .temperature(number(temperature == null ? null : temperature.min(HOTTEST)))
          .topP(number(prompt.topP()));
    }
    if (!prompt.stop().isEmpty()) {
      inference.stopSequences(prompt.stop());
    }
    InferenceConfiguration built = inference.build();
    return built.equals(InferenceConfiguration.builder().build()) ? null : built;
  }

  private static @Nullable Float number(@Nullable BigDecimal number) {
    return number == null ? null : (Float) number.floatValue();
  }

  /** The request for a whole answer. */
  public ConverseRequest.Builder whole() {
    ConverseRequest.Builder request =
        ConverseRequest.builder()
            .modelId(modelId)
            .messages(messages)
            .inferenceConfig(inference)
            .toolConfig(tools)
            .additionalModelRequestFields(additional);
    if (!system.isEmpty()) {
      request.system(system);
    }
    return metadata.isEmpty() ? request : request.requestMetadata(metadata);
  }

  /** The request for a streamed answer. */
  public ConverseStreamRequest.Builder stream() {
    ConverseStreamRequest.Builder request =
        ConverseStreamRequest.builder()
            .modelId(modelId)
            .messages(messages)
            .inferenceConfig(inference)
            .toolConfig(tools)
            .additionalModelRequestFields(additional);
    if (!system.isEmpty()) {
      request.system(system);
    }
    return metadata.isEmpty() ? request : request.requestMetadata(metadata);
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "Conversation[" + modelId + ", " + messages.size() + " messages]";
  }
}
