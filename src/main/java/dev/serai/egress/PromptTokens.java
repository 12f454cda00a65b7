package dev.serai.egress;

import dev.serai.chat.ChatMessage;
import dev.serai.dialect.ChatRequest;
import dev.serai.dialect.EmbeddingRequest;
import dev.serai.dialect.EmbeddingRequest.Input;
import dev.serai.policy.TokenCounter;
import org.jspecify.annotations.Nullable;

/** Counts what a request will use before it is sent. */
public final class PromptTokens {

  /** What OpenAI's chat format adds to each message, its role included, in tokens. */
  private static final int PER_MESSAGE = 4;

  /** What primes the answer, in tokens. */
  private static final int PRIMING = 3;

  /** The same for GPT-5's format; as recorded answers have it. */
  private static final int GPT_5_PRIMING = 2;

  /** A high-detail image of 1024 by 1024 pixels, as OpenAI's vision guide counts it. */
  private static final int PER_IMAGE = 765;

  /**
   * The most that an image is counted as, as the vision guides have it: GPT-4o mini counts eight
   * tiles at 5,667 each, the other models of OpenAI's and Anthropic's stay below 4,000.
   */
  private static final long MOST_PER_IMAGE = 4_000;

  private static final long MOST_PER_IMAGE_GPT_4O_MINI = 48_169;

  /** Ten tokens a second, of sound at eight kilobits a second in base64. */
  private static final int AUDIO_BYTES_PER_TOKEN = 100;

  /**
   * A page of a document is counted as its text, which may be packed, and as an image: two tokens
   * for each byte of base64 is what small pages come to.
   */
  private static final long FILE_TOKENS_PER_BYTE = 2;

  private PromptTokens() {}

  /** Input tokens that one message adds to a chat request; counted as {@link #count} does. */
  public static long ofMessage(ChatMessage message, String model, TokenCounter counter) {
    return count(ChatRequest.of(message), model, counter) - PRIMING;
  }

  /**
   * Input tokens of a chat request; see {@link #exact} for when they are what OpenAI will count.
   *
   * @see <a href="https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken">how
   *     OpenAI counts</a>
   */
  public static long count(ChatRequest request, String model, TokenCounter counter) {
    long[] tokens = {model.contains("gpt-5") ? GPT_5_PRIMING : PRIMING};
    tokens[0] += (long) request.messageCount() * PER_MESSAGE;
    tokens[0] += (long) request.imageCount() * PER_IMAGE;
    request.forEachText(text -> tokens[0] += counter.count(model, text));
    return tokens[0];
  }

  /**
   * Whether {@link #count} is the provider's own figure and no estimate: the encoding is known, and
   * there is nothing but plain messages, because how tools, names and images are written into the
   * prompt is not published.
   */
  public static boolean exact(ChatRequest request, String model, TokenCounter counter) {
    if (!counter.exactInChats(model)
        || !request.plainText()
        || request.has("tools")
        || request.has("functions")
        || request.has("response_format")) {
      return false;
    }
    boolean[] exact = {true};
    request.forEachText(text -> exact[0] &= counter.countsWhole(model, text));
    return exact[0];
  }

  /** What images and sound may be counted as beyond what {@link #count} has of them, at most. */
  public static long uncounted(ChatRequest request, String model) {
    if (request.imageCount() + request.audioBytes() == 0) {
      return 0;
    }
    long image = model.contains("gpt-4o-mini") ? MOST_PER_IMAGE_GPT_4O_MINI : MOST_PER_IMAGE;
    return request.imageCount() * (image - PER_IMAGE)
        + Math.ceilDiv(request.audioBytes(), AUDIO_BYTES_PER_TOKEN);
  }

  /**
   * What files and videos may be counted as, at most: no more than the model takes at all.
   *
   * @param window the largest number of tokens that it takes; null where that is not known
   * @return null where nothing says how large they are
   */
  public static @Nullable Long ofFiles(ChatRequest request, @Nullable Integer window) {
    if (request.fileBytes() == 0) {
      return 0L;
    }
    if (request.filesElsewhere()) {
      return window == null ? null : (Long) (long) window;
    }
    long most = request.fileBytes() * FILE_TOKENS_PER_BYTE;
    return window == null ? most : Math.min(most, window);
  }

  /**
   * Whether the provider counts no more than {@link #count} does; as {@link #exact}, without
   * reading the texts again.
   */
  public static boolean atMost(ChatRequest request, String model, TokenCounter counter) {
    return counter.exactInChats(model)
        && request.plainText()
        && request.bytes() <= TokenCounter.COUNTED_CHARS
        && !request.has("tools")
        && !request.has("functions")
        && !request.has("response_format");
  }

  /** The same of {@link #each}. */
  public static boolean atMost(EmbeddingRequest request, String model, TokenCounter counter) {
    return counter.exact(model) && request.bytes() <= TokenCounter.COUNTED_CHARS;
  }

  /** The tokens of each input of an embeddings request, in their order. */
  public static long[] each(EmbeddingRequest request, String model, TokenCounter counter) {
    long[] tokens = new long[request.size()];
    int[] next = {0};
    request.forEach(
        input ->
            tokens[next[0]++] =
                switch (input) {
                  case Input.Text(String text) -> counter.count(model, text);
                  case Input.Tokens(int[] ids) -> ids.length;
                });
    return tokens;
  }

  /** Whether {@link #each} is the provider's own figure and no estimate. */
  public static boolean exact(EmbeddingRequest request, String model, TokenCounter counter) {
    boolean[] exact = {counter.exact(model)};
    request.forEach(
        input ->
            exact[0] &=
                !(input instanceof Input.Text text) || counter.countsWhole(model, text.text()));
    return exact[0];
  }
}
