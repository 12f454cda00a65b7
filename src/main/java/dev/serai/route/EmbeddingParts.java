package dev.serai.route;

import dev.serai.catalog.EmbeddingLimits;
import dev.serai.catalog.Model;
import dev.serai.catalog.Target;
import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.chat.Usage;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.TextField;
import dev.serai.dialect.Vectors;
import dev.serai.egress.HttpUpstream;
import dev.serai.egress.PromptTokens;
import dev.serai.policy.TokenCounter;
import dev.serai.recall.StoredAnswer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The calls that one embeddings request takes, one after the other, and the vectors that came so
 * far. What fits into one call stays as it came, byte for byte.
 *
 * <p>Vectors of different models cannot be compared: with another model it begins anew.
 */
final class EmbeddingParts {

  /** The largest answer that is put together, in bytes. */
  static final long MAX_ANSWER_BYTES = 128L << 20;

  private static final int MOST_DIMENSIONS = 65_536;
  private static final int USUAL_DIMENSIONS = 4096;

  /** OpenAI writes every number on a line of its own; put together they are dense. */
  private static final int PRINTED_FLOAT_BYTES = 24;

  private static final int DENSE_FLOAT_BYTES = 14;
  private static final int BASE64_FLOAT_BYTES = 6;
  private static final int AROUND_A_VECTOR = 100;

  private final EmbeddingRequest request;
  private String modelId = "";
  private long[] tokens = {};
  private int from;
  private int to;
  private Vectors vectors = new Vectors();
  private Usage usage = Usage.NONE;

  /**
   * What all calls cost, those of a model that was given up included; null when one is unpriced.
   */
  private @Nullable Long costNanos = 0L;

  /**
   * Begins.
   *
   * @throws ApiException when the answer would be too large to be held
   */
  EmbeddingParts(EmbeddingRequest request, Target first) {
    this.request = request;
    long most = Math.max(1, MAX_ANSWER_BYTES / vectorBytes(first, DENSE_FLOAT_BYTES));
    if (request.size() > most) {
      throw new ApiException(
          ApiError.invalidRequest(
              "These vectors together would be too large: send at most "
                  + most
                  + " inputs in one request.",
              "input",
              "too_many_inputs"));
    }
  }

  private long vectorBytes(Target target, int floatBytes) {
    Model model = target.model();
    Integer known = model == null ? null : model.dimensions();
    long most = known == null ? MOST_DIMENSIONS : known;
    Long asked = request.dimensions();
    long dimensions =
        asked != null
            ? Math.clamp(asked, 1, most)
            : known == null ? USUAL_DIMENSIONS : (long) known;
    boolean base64 = request.encodingFormat().equals("base64");
    return AROUND_A_VECTOR + dimensions * (base64 ? BASE64_FLOAT_BYTES : floatBytes);
  }

  /**
   * The next call: as many inputs as the target takes at once.
   *
   * @param tenant by what the provider is told whose call it is; null when it is not
   * @param estimate of so many input tokens
   */
  Attempt next(
      Target target,
      int number,
      @Nullable TextField tenant,
      TokenCounter counter,
      LongFunction<Estimate> estimate) {
    if (!target.modelId().equals(modelId)) {
      modelId = target.modelId();
      tokens = PromptTokens.each(request, modelId, counter);
      vectors = new Vectors();
      usage = Usage.NONE;
      from = 0;
    }
    EmbeddingLimits limits = target.provider().embeddingLimits();
    long fitting = HttpUpstream.MAX_ANSWER_BYTES / vectorBytes(target, PRINTED_FLOAT_BYTES);
    long most = Math.clamp(fitting, 1, limits.inputs());
    long sum = tokens[from];
    to = from + 1;
    while (to < tokens.length && to - from < most && sum + tokens[to] <= limits.tokens()) {
      sum += tokens[to++];
    }
    return new Attempt(
        target,
        number,
        request,
        request.forUpstream(modelId, from, to, tenant),
        estimate.apply(sum));
  }

  /** How many vectors the call under way asks for. */
  int asked() {
    return to - from;
  }

  /**
   * Takes the answer of the call under way.
   *
   * @param nanos what it cost; null when it is unpriced
   * @return the whole answer; null when more calls are needed
   */
  @Nullable StoredAnswer took(Attempt attempt, byte[] answer, Usage used, @Nullable Long nanos) {
    boolean only = from == 0 && to == request.size();
    usage =
        new Usage(
            usage.inputTokens() + used.inputTokens(),
            0,
            usage.cacheReadInputTokens() + used.cacheReadInputTokens(),
            usage.cacheWriteInputTokens() + used.cacheWriteInputTokens(),
            0,
            sum(usage.providerCostNanos(), used.providerCostNanos()),
            usage.estimated() || used.estimated());
    costNanos = costNanos == null || nanos == null ? null : (Long) (costNanos + nanos);
    if (!only) {
      vectors.add(answer);
    }
    from = to;
    if (from < request.size()) {
      return null;
    }
    return new StoredAnswer(
        only ? answer : vectors.answer(usage),
        null,
        attempt.target.id(),
        attempt.target.modelId(),
        usage,
        costNanos);
  }

  private static @Nullable Long sum(@Nullable Long a, @Nullable Long b) {
    return a == null ? b : b == null ? a : (Long) (a + b);
  }
}
