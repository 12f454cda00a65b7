package dev.serai.admin;

import dev.serai.chat.ApiError;
import dev.serai.chat.ApiException;
import dev.serai.egress.Check;
import dev.serai.egress.TargetChecks;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says whether a target can be used. */
@RestController
@RequestMapping("/admin/v1/targets")
final class TargetController {

  private final TargetChecks targets;

  TargetController(TargetChecks targets) {
    this.targets = targets;
  }

  /** Asks it, with one cheap call. */
  @PostMapping("/{id}/check")
  Map<String, Object> check(@PathVariable String id) {
    Check check = targets.check(id);
    if (check == null) {
      throw new ApiException(
          ApiError.notFound("There is no such target: config/providers.yaml has the targets."));
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("target", id);
    answer.put("state", check.state().label());
    answer.put("latency_ms", check.latency().toMillis());
    answer.put("message", check.message());
    return answer;
  }
}
