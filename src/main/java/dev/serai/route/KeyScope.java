package dev.serai.route;

import dev.serai.catalog.Catalog;
import dev.serai.catalog.Model;
import dev.serai.catalog.Target;
import dev.serai.tenant.GatewayKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may be asked with a key that is limited to some roles and models. */
final class KeyScope {

  private KeyScope() {}

  /**
   * Whether a name may be asked with a key. A role must be on the key's list itself; a model may
   * stand there under any of its names, and then at every target, or with one target in front.
   */
  static boolean covers(@Nullable GatewayKey key, String named, Catalog catalog) {
    if (key == null || key.allowed().isEmpty() || key.allowed().contains(named)) {
      return true;
    }
    if (catalog.role(named) != null) {
      return false;
    }
    List<Target> targets = catalog.resolve(named);
    return !targets.isEmpty()
        && targets.stream().allMatch(target -> anyNameIn(key.allowed(), target));
  }

  private static boolean anyNameIn(Set<String> allowed, Target target) {
    Model model = target.model();
    return model != null
        && (allowed.contains(model.id())
            || model.aliases().stream().anyMatch(allowed::contains)
            || model.inferenceProfiles().stream().anyMatch(allowed::contains)
            || allowed.contains(target.provider().id() + "/" + model.id()));
  }
}
