package dev.serai.catalog;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A model at a provider: what one attempt calls.
 *
 * @param provider who is called
 * @param modelId the model's name as the provider is told it
 * @param model what the catalog knows about it; null for a model it does not know, whose cost is
 *     unpriced
 */
public record Target(Provider provider, String modelId, @Nullable Model model) {

  /** The names of OpenAI's reasoning models, at OpenAI and at who resells them. */
  private static final Pattern REASONING = Pattern.compile("(.*/)?(o\\d|gpt-5)([.:-].*)?");

  /** The provider's id. */
  public String id() {
    return provider.id();
  }

  /**
   * Whether the model refuses a temperature: as the catalog says, and of a model it does not know,
   * as its name does.
   */
  public boolean fixedSampling() {
    return model == null ? REASONING.matcher(modelId).matches() : model.fixedSampling();
  }
}
