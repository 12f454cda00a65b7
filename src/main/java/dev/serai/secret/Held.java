package dev.serai.secret;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One secret that is kept elsewhere, as it was last found. */
final class Held {
  private final String name;
  private final Reference reference;
  private final boolean expected;
  private final CountDownLatch looked = new CountDownLatch(1);
  private volatile @Nullable String value;
  private volatile @Nullable String trouble;

  /**
   * Not looked for yet.
   *
   * @param name what the operator knows it by; may be empty
   * @param expected whether a setting says that it is there
   */
  Held(String name, Reference reference, boolean expected) {
    this.name = name;
    this.reference = reference;
    this.expected = expected;
  }

  Reference reference() {
    return reference;
  }

  boolean expected() {
    return expected;
  }

  /** For the log: not secret. */
  String name() {
    return name.isEmpty() ? reference.toString() : expected ? name + " (" + reference + ")" : name;
  }

  /** The latest value; null when there was none yet. */
  @Nullable String value() {
    return value;
  }

  /** Why the latest look-up gave nothing; null when it was good. */
  @Nullable String trouble() {
    return trouble;
  }

  /** The latest value, for which the first look-up is waited for. */
  @Nullable String value(Duration longest) {
    if (value == null && looked.getCount() > 0) {
      await(longest);
    }
    return value;
  }

  /** Waits for the end of the first look-up. */
  void await(Duration longest) {
    try {
      if (!looked.await(longest.toNanos(), TimeUnit.NANOSECONDS)) {
        trouble = "no answer came within " + longest.toMillis() + " ms";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A look-up ended: with a value, without one (null), or with a reason. */
  void looked(@Nullable String found, @Nullable String reason) {
    if (found != null) {
      value = found;
    }
    trouble = reason;
    looked.countDown();
  }
}
