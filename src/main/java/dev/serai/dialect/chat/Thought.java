package dev.serai.dialect.chat;

import org.jspecify.annotations.Nullable;

/**
 * A piece of reasoning that a provider signs, so that it can be sent back to it. On the wire it is
 * an element of {@code reasoning_details}, in the form of <a
 * href="https://openrouter.ai/docs/use-cases/reasoning-tokens">OpenRouter</a>.
 *
 * @param text what was thought; null where it is encrypted
 * @param signature proves that the text is the provider's own; null without one
 * @param data the encrypted reasoning; null where there is a text
 */
public record Thought(@Nullable String text, @Nullable String signature, @Nullable String data) {

  /** Whether its provider takes it back. */
  public boolean signed() {
    return data != null || signature != null;
  }

  /** Says nothing of the content. */
  @Override
  public String toString() {
    return "Thought";
  }
}
