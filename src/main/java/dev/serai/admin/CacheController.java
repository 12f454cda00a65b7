package dev.serai.admin;

import dev.serai.recall.AnswerCache;
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

  private final AnswerCache cache;

  CacheController(AnswerCache cache) {
    this.cache = cache;
  }

  /** Forgets those of a tenant, of a model, of both, or all. */
  @DeleteMapping
  Map<String, Integer> forget(
      @RequestParam(required = false) @Nullable String tenant,
      @RequestParam(required = false) @Nullable String model) {
    return Map.of("removed", cache.forget(tenant, model));
  }
}
