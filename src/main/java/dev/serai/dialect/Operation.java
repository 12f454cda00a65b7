package dev.serai.dialect;

/** What can be asked of a model. */
public enum Operation {
  /** A conversation's next message. */
  CHAT("chat", "/chat/completions"),
  /** A vector for each text. */
  EMBEDDINGS("embeddings", "/embeddings");

  private final String label;
  private final String path;

  Operation(String label, String path) {
    this.label = label;
    this.path = path;
  }

  /** Its name in OpenTelemetry's {@code gen_ai.operation.name} and in the ledger. */
  public String label() {
    return label;
  }

  /** Where OpenAI-type providers take it, below their base URL. */
  public String path() {
    return path;
  }
}
