package dev.serai.catalog;

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

  /** The provider's id. */
  public String id() {
    return provider.id();
  }
}
