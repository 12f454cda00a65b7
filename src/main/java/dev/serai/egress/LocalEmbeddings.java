package dev.serai.egress;

import dev.langchain4j.data.embedding.Embedding;
import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.model.output.Response;
import dev.serai.chat.Failure;
import dev.serai.chat.Failure.Timeout.Phase;
import dev.serai.dialect.EmbeddingAnswer;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.EmbeddingRequest.Input;
import dev.serai.dialect.ErrorBody;
import dev.serai.policy.TokenCounter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes vectors inside the process. The model is loaded by the first request, and computes on few
 * threads of its own: it would otherwise hold the ones that carry all other requests.
 */
final class LocalEmbeddings implements AutoCloseable {

  /** The length of every vector. */
  static final int DIMENSIONS = 384;

  private static final int IDLE_SECONDS = 30;

  /** The encoding that clients use who send tokens instead of texts. */
  private static final String TOKENS_OF = "text-embedding-3-small";

  private static final Logger LOG = LoggerFactory.getLogger(LocalEmbeddings.class);

  private record Made(List<float[]> vectors, long tokens) {}

  private final Supplier<EmbeddingModel> loading;
  private final TokenCounter counter;
  private final ExecutorService threads;
  private @Nullable EmbeddingModel model;

  LocalEmbeddings(Supplier<EmbeddingModel> loading, TokenCounter counter) {
    this.loading = loading;
    this.counter = counter;
    int most = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("local-embeddings-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
    this.threads = pool;
  }

  /** Answers as OpenAI would: vectors, or a 400 that says what this model cannot do. */
  Reply answer(byte[] body, String name, Duration timeLeft) {
    EmbeddingRequest request = EmbeddingRequest.parse(body);
    String format = request.encodingFormat();
    if (!format.equals("float") && !format.equals("base64")) {
      return refused("This model gives float or base64: send one of them.", "encoding_format");
    }
    if (request.dimensions() != null && request.dimensions() != DIMENSIONS) {
      return refused(
          "This model's vectors have " + DIMENSIONS + " dimensions: leave it out.", "dimensions");
    }
    List<TextSegment> texts = new ArrayList<>(request.size());
    try {
      request.forEach(input -> texts.add(TextSegment.from(text(input))));
    } catch (IllegalArgumentException e) {
      return refused(
          "This model takes texts that are not blank, and tokens of cl100k_base only.", "input");
    }
    Made made = made(texts, timeLeft);
    byte[] answer =
        EmbeddingAnswer.json(made.vectors(), format.equals("base64"), name, made.tokens());
    return new Reply.Whole(200, answer, "application/json", null);
  }

  private String text(Input input) {
    return switch (input) {
      case Input.Text(String text) -> text;
      case Input.Tokens(int[] ids) -> counter.text(TOKENS_OF, ids);
    };
  }

  private Made made(List<TextSegment> texts, Duration timeLeft) {
    Future<Made> future = threads.submit(() -> make(texts));
    try {
      return future.get(timeLeft.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new UpstreamException(new Failure.Timeout(Phase.WHOLE_ANSWER), true);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UpstreamException(new Failure.ClientGone(), true);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      LOG.error(
          "the model in the process failed class={} {}",
          cause.getClass().getName(),
          cause instanceof LinkageError ? cause.getMessage() : "");
      throw new UpstreamException(new Failure.ServerError(500), true);
    } finally {
      future.cancel(true);
    }
  }

  /** One by one, so that it can be stopped in between. */
  private Made make(List<TextSegment> texts) throws InterruptedException {
    EmbeddingModel loaded = model();
    List<float[]> vectors = new ArrayList<>(texts.size());
    long tokens = 0;
    for (TextSegment text : texts) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Response<List<Embedding>> made = loaded.embedAll(List.of(text));
      vectors.add(made.content().getFirst().vector());
      tokens += Objects.requireNonNull(made.tokenUsage()).inputTokenCount();
    }
    return new Made(vectors, tokens);
  }

  private synchronized EmbeddingModel model() {
    if (model == null) {
      model = loading.get();
    }
    return model;
  }

  private static Reply refused(String message, String param) {
    byte[] body = ErrorBody.json(message, "invalid_request_error", param, "invalid_value");
    return new Reply.Whole(400, body, "application/json", null);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
