package dev.serai.egress;

import org.jspecify.annotations.Nullable;

/** Checks of configured targets. */
public interface TargetChecks {

  /**
   * Makes one cheap call that needs the credential and bills nothing. It goes past breaker and
   * rate, and no state changes by it.
   *
   * @param id the target's
   * @return what was found; null when there is no such target
   */
  @Nullable Check check(String id);
}
