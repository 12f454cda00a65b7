package dev.serai.secret;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which secrets are there and which are not, once for each change. Names only. */
final class SecretLog {

  private static final Logger LOG = LoggerFactory.getLogger("dev.serai.secrets");

  private final Set<Held> troubled = new HashSet<>();
  private final Set<Held> found = new HashSet<>();

  void noOnePassword() {
    LOG.info(
        "1Password is not asked for secrets: neither its op command is on the PATH nor are"
            + " OP_CONNECT_HOST and OP_CONNECT_TOKEN set. USE_ONEPASSWORD=false says that this is"
            + " wanted");
  }

  synchronized void tell(Collection<Held> all, Duration ttl) {
    Set<String> there = new TreeSet<>();
    Map<String, Set<String>> lost = new TreeMap<>();
    Map<String, Set<String>> stale = new TreeMap<>();
    for (Held each : all) {
      String trouble = each.trouble();
      if (trouble == null) {
        boolean recovered = troubled.remove(each);
        if (each.value() != null && (found.add(each) || recovered)) {
          there.add(each.name());
        }
      } else if (troubled.add(each)) {
        Map<String, Set<String>> kind = each.value() == null ? lost : stale;
        kind.computeIfAbsent(trouble, t -> new TreeSet<>()).add(each.name());
      }
    }
    if (!there.isEmpty()) {
      LOG.info("secrets found: {}", String.join(", ", there));
    }
    stale.forEach(
        (reason, names) ->
            LOG.warn(
                "secrets not refreshed, their last values go on being used: {}: {}",
                String.join(", ", names),
                reason));
    lost.forEach(
        (reason, names) ->
            LOG.warn(
                "secrets not found, looked for again every {} ms: {}: {}",
                ttl.toMillis(),
                String.join(", ", names),
                reason));
  }
}
