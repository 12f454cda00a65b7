package dev.serai.limit;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Limits that are configured, below {@code serai.limits}; one that is set through the admin API
 * stands in for the configured one of the same subject.
 *
 * @param tenant by tenant
 * @param key by the id of the key
 * @param role by role
 * @param provider by provider
 * @param gateway for all together; null for none
 */
@ConfigurationProperties("serai.limits")
public record LimitProperties(
    @DefaultValue Map<String, Limit> tenant,
    @DefaultValue Map<String, Limit> key,
    @DefaultValue Map<String, Limit> role,
    @DefaultValue Map<String, Limit> provider,
    @Nullable Limit gateway) {

  /**
   * All of them.
   *
   * @throws IllegalStateException naming the entry at fault
   */
  Map<Subject, Limit> checked() {
    Map<Subject, Limit> all = new HashMap<>();
    tenant.forEach((id, limit) -> all.put(new Subject(Scope.TENANT, id), limit));
    key.forEach((id, limit) -> all.put(new Subject(Scope.KEY, id), limit));
    role.forEach((id, limit) -> all.put(new Subject(Scope.ROLE, id), limit));
    provider.forEach((id, limit) -> all.put(new Subject(Scope.PROVIDER, id), limit));
    if (gateway != null) {
      all.put(Subject.GATEWAY, gateway);
    }
    all.forEach(
        (subject, limit) -> {
          String problem = limit.problem();
          if (problem != null) {
            throw new IllegalStateException(
                "serai.limits." + subject.path().replace('/', '.') + " cannot be used: " + problem);
          }
        });
    return all;
  }
}
