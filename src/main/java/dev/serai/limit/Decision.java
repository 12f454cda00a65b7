package dev.serai.limit;

/** Whether the limits let something through. */
public sealed interface Decision {

  /** They do, and this was taken of them. */
  record Granted(Hold hold) implements Decision {}

  /** One of them does not, and nothing was taken of any. */
  record Refused(Standing by) implements Decision {}
}
