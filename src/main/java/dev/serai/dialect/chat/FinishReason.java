package dev.serai.dialect.chat;

/** Why an answer ended. */
public enum FinishReason {
  /** It was complete, or a stop text came. */
  STOP("stop"),
  /** There was no room for more. */
  LENGTH("length"),
  /** A tool is to be called. */
  TOOL_CALLS("tool_calls"),
  /** The provider did not want to go on. */
  CONTENT_FILTER("content_filter");

  private final String word;

  FinishReason(String word) {
    this.word = word;
  }

  /** OpenAI's word for it. */
  public String word() {
    return word;
  }
}
