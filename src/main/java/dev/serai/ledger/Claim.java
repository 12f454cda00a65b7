package dev.serai.ledger;

/** What is known about a request that may have come before. */
public sealed interface Claim {

  /** Nobody has answered it and nobody is at it: the caller now is. */
  record New() implements Claim {}

  /** A living process is answering it. */
  record InProgress() implements Claim {}

  /**
   * It was answered.
   *
   * @param body the stored answer as JSON
   */
  record Done(String body) implements Claim {
    /** Leaves the answer out. */
    @Override
    public String toString() {
      return "Done[" + body.length() + " characters]";
    }
  }

  /** The key was used for another request, or by another tenant. */
  record Conflict() implements Claim {}
}
