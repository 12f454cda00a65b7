package dev.serai.egress;

import dev.serai.catalog.Timeouts;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.chat.Usage;
import dev.serai.dialect.EmbeddingAnswer;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.EmbeddingRequest.Input;
import dev.serai.dialect.InvalidRequestException;
import dev.serai.dialect.bedrock.EmbeddingFamily;
import dev.serai.dialect.bedrock.EmbeddingFamily.Made;
import dev.serai.dialect.bedrock.RequestMetadata;
import dev.serai.dialect.chat.Invalid;
import dev.serai.policy.TokenCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
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
   * @param base how each call is made, but for its deadline
   * @throws InvalidRequestException when the model cannot do what the request asks for
   */
  Reply answer(UpstreamRequest request, AwsRequestOverrideConfiguration base) {
    EmbeddingRequest asked = EmbeddingRequest.parse(request.body());
    String model = asked.model() == null ? "" : asked.model();
    EmbeddingFamily family = EmbeddingFamily.of(model);
    boolean base64 = asked.encodingFormat().equals("base64");
    if (!base64 && !asked.encodingFormat().equals("float")) {
      throw Invalid.value("encoding_format", "is unknown: send float or base64.");
    }
    List<Callable<Made>> calls = new ArrayList<>();
    long deadline = System.nanoTime() + shorter(request.timeLeft(), timeouts.attempt()).toNanos();
    AwsRequestOverrideConfiguration how = told(base, asked.user());
    for (byte[] body : family.requests(model, texts(asked), asked.dimensions(), request.body())) {
      calls.add(() -> call(family, model, body, how, deadline));
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

  /** Tells whose call it is. */
  private static AwsRequestOverrideConfiguration told(
      AwsRequestOverrideConfiguration base, @Nullable String user) {
    String metadata = RequestMetadata.header(user);
    return metadata == null
        ? base
        : base.toBuilder().putHeader(RequestMetadata.HEADER, metadata).build();
  }

  private Made call(
      EmbeddingFamily family,
      String model,
      byte[] body,
      AwsRequestOverrideConfiguration how,
      long deadline) {
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
                .overrideConfiguration(how.toBuilder().apiCallTimeout(left).build())
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

  /**
   * The results in the order of the calls. After the first failure no further call is made, and
   * those under way are waited for: what they use is paid.
   */
  private static List<Made> all(List<Callable<Made>> calls) {
    AtomicReference<@Nullable RuntimeException> failed = new AtomicReference<>();
    ExecutorService executor =
        Executors.newFixedThreadPool(Math.min(AT_ONCE, calls.size()), Thread.ofVirtual().factory());
    try {
      List<Future<@Nullable Made>> futures = new ArrayList<>(calls.size());
      for (Callable<Made> call : calls) {
        futures.add(executor.submit(() -> unlessFailed(call, failed)));
      }
      List<Made> results = new ArrayList<>(calls.size());
      for (Future<@Nullable Made> future : futures) {
        Made made = future.get();
        if (made != null) {
          results.add(made);
        }
      }
      RuntimeException failure = failed.get();
      if (failure != null) {
        throw new PartlyMadeException(failure, results);
      }
      return results;
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException(new Failure.ClientGone(), true);
    } finally {
      executor.shutdownNow();
    }
  }

  private static @Nullable Made unlessFailed(
      Callable<Made> call, AtomicReference<@Nullable RuntimeException> failed) throws Exception {
    if (failed.get() != null) {
      return null;
    }
    try {
      return call.call();
    } catch (RuntimeException e) {
      failed.compareAndSet(null, e);
      return null;
    }
  }

  /** One of several calls failed. */
  static final class PartlyMadeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;
    private final long tokens;

    private PartlyMadeException(RuntimeException failure, List<Made> made) {
      super(failure.getMessage(), failure, false, false);
      this.failure = failure;
      this.tokens =
          made.stream().map(Made::tokens).filter(Objects::nonNull).mapToLong(Long::longValue).sum();
    }

    /** Why. */
    RuntimeException failure() {
      return failure;
    }

    /** What the other calls used. */
    Usage used() {
      return tokens == 0 ? Usage.NONE : new Usage(tokens, 0, 0, 0, 0, null, false);
    }
  }
}
