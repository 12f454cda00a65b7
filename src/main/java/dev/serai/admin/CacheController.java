package dev.serai.admin;

import dev.serai.ledger.Change;
import dev.serai.ledger.Change.Kind;
import dev.serai.ledger.Changes;
import dev.serai.recall.AnswerCache;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Forgets kept answers. */
@RestController
@RequestMapping("/admin/v1/cache")
final class CacheController {

  private static final int LONGEST_TENANT = 64;
  private static final int LONGEST_MODEL = 180;

  private final AnswerCache cache;
  private final Changes changes;

  CacheController(AnswerCache cache, Changes changes) {
    this.cache = cache;
    this.changes = changes;
  }

  /** Forgets those of a tenant, of a model, of both, or all, on every replica; counts its own. */
  @DeleteMapping
  Map<String, Integer> forget(
      @RequestParam(required = false) @Nullable String tenant,
      @RequestParam(required = false) @Nullable String model,
      HttpServletRequest request) {
    check("tenant", tenant, LONGEST_TENANT);
    check("model", model, LONGEST_MODEL);
    int removed = cache.forget(tenant, model);
    String choice = AnswerCache.choice(tenant, model);
    String actor = AdminGate.actor(request);
    var unused = changes.make(() -> new Change(actor, "forget", Kind.CACHE, choice, null, null));
    return Map.of("removed", removed);
  }

  private static void check(String name, @Nullable String value, int longest) {
    if (value != null && !AdminBody.plain(value, longest)) {
      throw AdminBody.wrong(
          name, "Give %s as a text of 1 to %d characters.".formatted(name, longest));
    }
  }
}
