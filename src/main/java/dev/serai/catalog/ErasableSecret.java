package dev.serai.catalog;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A value that must not be seen and is held for a short time only: prints as {@code ***}, is never
 * equal to another, and its bytes are overwritten when it is no longer to be used.
 */
public final class ErasableSecret {
  private final byte[] value;
  private boolean erased;

  /**
   * Takes the bytes over.
   *
   * @param value ASCII; not copied, overwritten by {@link #erase}
   */
  public ErasableSecret(byte[] value) {
    this.value = value;
  }

  /** The value in clear, for the call that needs it; null once it was erased. */
  public synchronized @Nullable String reveal() {
    return erased ? null : new String(value, StandardCharsets.US_ASCII);
  }

  /** Overwrites the value; what {@link #reveal} gave before is left to the garbage collector. */
  public synchronized void erase() {
    erased = true;
    Arrays.fill(value, (byte) 0);
  }

  @Override
  public String toString() {
    return "***";
  }
}
