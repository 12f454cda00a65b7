package dev.serai.catalog;

/** A way of being served that has prices of its own. */
public enum ServiceTier {
  /** Answered some time within a day. */
  BATCH,
  /** Answered when there is room. */
  FLEX,
  /** Answered before others. */
  PRIORITY
}
