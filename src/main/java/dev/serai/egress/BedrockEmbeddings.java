package dev.serai.egress;

import dev.serai.catalog.Timeouts;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.EmbeddingAnswer;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.EmbeddingRequest.Input;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.bedrock.EmbeddingFamily;
import dev.serai.dialect.bedrock.EmbeddingFamily.Made;
import dev.serai.dialect.chat.Invalid;
import dev.serai.policy.TokenCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelRequest;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;

/** Makes vectors by InvokeModel, in as many calls as the model wants, a few at the same time. */
final class BedrockEmbeddings {

  private static final int AT_ONCE = 8;
  private static final String TOKENS_HEADER = "X-Amzn-Bedrock-Input-Token-Count";

  /** The encoding that clients use who send tokens instead of texts. */
  private static final String TOKENS_OF = "text-embedding-3-small";

  private final BedrockRuntimeClient client;
  private final Timeouts timeouts;
  private final TokenCounter counter;

  BedrockEmbeddings(BedrockRuntimeClient client, Timeouts timeouts, TokenCounter counter) {
    this.client = client;
    this.timeouts = timeouts;
    this.counter = counter;
  }

  /**
   * Answers as OpenAI would.
   *
   * @throws InvalidRequestException when the model cannot do what the request asks for
   */
  Reply answer(UpstreamRequest request) {
    EmbeddingRequest asked = EmbeddingRequest.parse(request.body());
    String model = asked.model() == null ? "" : asked.model();
    EmbeddingFamily family = EmbeddingFamily.of(model);
    boolean base64 = asked.encodingFormat().equals("base64");
    if (!base64 && !asked.encodingFormat().equals("float")) {
      throw Invalid.value("encoding_format", "is unknown: send float or base64.");
    }
    List<Callable<Made>> calls = new ArrayList<>();
    long deadline = System.nanoTime() + shorter(request.timeLeft(), timeouts.attempt()).toNanos();
    for (byte[] body : family.requests(model, texts(asked), asked.dimensions(), request.body())) {
      calls.add(() -> call(family, model, body, request.id(), deadline));
    }
    List<float[]> vectors = new ArrayList<>(asked.size());
    Long tokens = 0L;
    for (Made made : all(calls)) {
      vectors.addAll(made.vectors());
      tokens = tokens == null || made.tokens() == null ? null : (Long) (tokens + made.tokens());
    }
    if (vectors.size() != asked.size()) {
      throw new UpstreamException(new Failure.Unreadable("not a vector for each input"), true);
    }
    byte[] answer = EmbeddingAnswer.json(vectors, base64, model, tokens);
    return new Reply.Whole(200, answer, "application/json", null);
  }

  private List<String> texts(EmbeddingRequest asked) {
    List<String> texts = new ArrayList<>(asked.size());
    try {
      asked.forEach(
          input ->
              texts.add(
                  switch (input) {
                    case Input.Text(String text) -> text;
                    case Input.Tokens(int[] ids) -> counter.text(TOKENS_OF, ids);
                  }));
    } catch (IllegalArgumentException e) {
      throw Invalid.value("input", "holds tokens that are not of cl100k_base: send texts.");
    }
    return texts;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Made call(EmbeddingFamily family, String model, byte[] body, String id, long deadline) {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      throw new UpstreamException(new Failure.Timeout(Phase.WHOLE_ANSWER), true);
    }
    InvokeModelResponse response =
        client.invokeModel(
            InvokeModelRequest.builder()
                .modelId(model)
                .contentType("application/json")
                .accept("application/json")
                .body(SdkBytes.fromByteArrayUnsafe(body))
                .overrideConfiguration(
                    override -> override.putHeader("X-Request-Id", id).apiCallTimeout(left))
                .build());
    Made made = family.read(response.body().asByteArrayUnsafe());
    if (made == null) {
      throw new UpstreamException(new Failure.Unreadable("no vectors"), true);
    }
    return made.tokens() != null ? made : new Made(made.vectors(), tokens(response));
  }

  private static @Nullable Long tokens(InvokeModelResponse response) {
    String count = response.sdkHttpResponse().firstMatchingHeader(TOKENS_HEADER).orElse("");
    return count.matches("[0-9]{1,9}") ? (Long) Long.parseLong(count) : null;
  }

  /** The results in the order of the calls; the first failure ends them all. */
  private static List<Made> all(List<Callable<Made>> calls) {
    ExecutorService executor =
        Executors.newFixedThreadPool(Math.min(AT_ONCE, calls.size()), Thread.ofVirtual().factory());
    try {
      List<Future<Made>> futures = calls.stream().map(executor::submit).toList();
      List<Made> results = new ArrayList<>(calls.size());
      for (Future<Made> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException(new Failure.ClientGone(), true);
    } finally {
      executor.shutdownNow();
    }
  }
}
