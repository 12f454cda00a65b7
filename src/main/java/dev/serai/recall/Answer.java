package dev.serai.recall;

import org.jspecify.annotations.Nullable;

/** What goes back to the caller, whatever its entry. */
public sealed interface Answer {

  /** Who answered. */
  String target();

  /** The model that was asked there. */
  String model();

  /** A complete answer: just fetched, kept, or somebody else's. */
  record Complete(StoredAnswer stored) implements Answer {
    @Override
    public String target() {
      return stored.target();
    }

    @Override
    public String model() {
      return stored.model();
    }
  }

  /** A stream that has begun. */
  record Streaming(SharedStream.Reader reader, String target, String model) implements Answer {}

  /**
   * The target's own words about what is wrong with the request.
   *
   * @param contentType as the target said
   */
  record Refusal(int status, byte[] body, @Nullable String contentType, String target, String model)
      implements Answer {}
}
