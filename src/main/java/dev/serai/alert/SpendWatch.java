package dev.serai.alert;

import dev.serai.alert.Alert.Finding;
import dev.serai.alert.Alert.Kind;
import dev.serai.ledger.TenantSpend;
import dev.serai.policy.Money;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Holds what each tenant spends today (UTC) against the mean of those of the last seven days on
 * which it spent anything. These days are read once, and only when somebody spends enough to
 * matter.
 */
final class SpendWatch {

  private static final int DAYS = 7;
  private static final int NANO_DIGITS = 9;

  private final TenantSpend spend;
  private final AlertStore store;
  private final AlertProperties settings;
  private final Clock clock;
  private final DatabaseWatch database = new DatabaseWatch("tenants' spend is not watched");

  private final Map<LocalDate, Map<String, Long>> days = new TreeMap<>();
  private final Set<String> told = new HashSet<>();
  private LocalDate today = LocalDate.MIN;

  SpendWatch(TenantSpend spend, AlertStore store, AlertProperties settings, Clock clock) {
    this.spend = spend;
    this.store = store;
    this.settings = settings;
    this.clock = clock;
  }

  /** Looks once. */
  public synchronized void look() {
    database.ask(
        () -> {
          look(clock.instant());
          return true;
        },
        false);
  }

  private void look(Instant now) {
    LocalDate day = now.atOffset(ZoneOffset.UTC).toLocalDate();
    if (!day.equals(today)) {
      today = day;
      told.clear();
    }
    long least = settings.jumpLeastUsd().movePointRight(NANO_DIGITS).longValue();
    spend
        .between(start(day), start(day.plusDays(1)))
        .forEach(
            (tenant, nanos) -> {
              if (nanos > least && !told.contains(tenant)) {
                compare(tenant, nanos, now);
              }
            });
  }

  private void compare(String tenant, long nanos, Instant now) {
    List<Long> before =
        usual().values().stream()
            .map(day -> day.getOrDefault(tenant, 0L))
            .filter(spent -> spent > 0)
            .toList();
    if (before.isEmpty()) {
      return;
    }
    long mean = before.stream().mapToLong(Long::longValue).sum() / before.size();
    BigDecimal bound = settings.jumpFactor().multiply(BigDecimal.valueOf(mean));
    if (mean > 0 && BigDecimal.valueOf(nanos).compareTo(bound) > 0) {
      store.fire(finding(tenant, nanos, mean, before.size()), AlertStore.Grant.NONE, now);
      told.add(tenant);
    }
  }

  private Map<LocalDate, Map<String, Long>> usual() {
    List<LocalDate> wanted =
        IntStream.rangeClosed(1, DAYS).mapToObj(back -> today.minusDays(back)).toList();
    days.keySet().retainAll(wanted);
    for (LocalDate day : wanted) {
      days.computeIfAbsent(day, d -> spend.between(start(d), start(d.plusDays(1))));
    }
    return days;
  }

  private Finding finding(String tenant, long nanos, long mean, int before) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("spent_usd", Money.usd(nanos).toPlainString());
    details.put("usual_usd", Money.usd(mean).toPlainString());
    details.put("days", Integer.toString(before));
    return new Finding(
        Kind.SPEND_JUMP,
        "tenant/" + tenant,
        "day",
        start(today),
        0,
        Wording.jump(tenant, nanos, mean, before),
        details);
  }

  private static Instant start(LocalDate day) {
    return day.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
