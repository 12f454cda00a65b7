package dev.serai.egress;

import dev.serai.dialect.ChatRequest;
import dev.serai.policy.TokenCounter;

/** Counts what a request will use before it is sent. */
public final class PromptTokens {

  /** What OpenAI's chat format adds to each message, in tokens. */
  private static final int PER_MESSAGE = 3;

  /** What primes the answer, in tokens. */
  private static final int PRIMING = 3;

  /** A high-detail image of 1024 by 1024 pixels, as OpenAI's vision guide counts it. */
  private static final int PER_IMAGE = 765;

  private PromptTokens() {}

  /** Input tokens of a chat request; exact for text where the model's encoding is known. */
  public static long count(ChatRequest request, String model, TokenCounter counter) {
    long[] tokens = {PRIMING};
    tokens[0] += (long) request.messageCount() * PER_MESSAGE;
    tokens[0] += (long) request.imageCount() * PER_IMAGE;
    request.forEachText(text -> tokens[0] += counter.count(model, text));
    return tokens[0];
  }
}
