package dev.serai.catalog;

/** Whether a role's answers may be given again. */
public enum CacheMode {
  /** Every complete answer. */
  ON,
  /** None. */
  OFF,
  /** Only what was asked at temperature 0. */
  DETERMINISTIC
}
