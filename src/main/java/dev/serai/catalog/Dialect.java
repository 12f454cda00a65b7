package dev.serai.catalog;

/** The wire format a provider speaks. */
public enum Dialect {
  /** OpenAI's HTTP API, or one compatible with it. */
  OPENAI,
  /** Amazon Bedrock's Converse API. */
  BEDROCK,
  /** Anthropic's Messages API. */
  ANTHROPIC,
  /** Answers in process. */
  LOCAL
}
