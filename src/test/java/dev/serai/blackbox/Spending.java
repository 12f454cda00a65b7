package dev.serai.blackbox;

import dev.serai.budget.Budget;
import dev.serai.budget.Budget.Mode;
import dev.serai.budget.Budget.OnBudget;
import dev.serai.budget.Budgets;
import dev.serai.budget.Period;
import dev.serai.budget.Standing;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import dev.serai.tenant.GatewayKey;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A gateway on which money is spent: its tenants are those of {@link KeyBringers} (of whom {@code
 * trial} pays half as much again), it watches the inbox for {@code trial}, and its roles go from
 * dear to cheap. Budgets are taken away when it is closed.
 */
final class Spending implements AutoCloseable {
  /** GPT-4o, then Turbo, which is dearer, then mini. */
  static final String THRIFTY = "thrifty";

  /** Claude first, then OpenAI's. */
  static final String ELSEWHERE = "elsewhere";

  /** Two providers with prices. */
  static final String BILLED = "billed";

  final KeyBringers tenancy;
  final GatewayUnderTest gateway;
  private final List<Subject> granted = new ArrayList<>();

  private Spending(KeyBringers tenancy) {
    this.tenancy = tenancy;
    this.gateway = tenancy.gateway;
  }

  static Spending fresh() {
    return new Spending(KeyBringers.fresh(settings()));
  }

  static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(KeyBringers.settings());
    settings.put("serai.budgets.patience", "0s");
    settings.put("serai.budgets.unpriced", "refuse");
    settings.put("serai.tenants.trial.mark-up", "50");
    settings.put("serai.tenants.trial.key-sha256[1]", GatewayKey.hashOf(GatewayUnderTest.KEY));
    settings.put("serai.files.enabled", "true");
    settings.put("serai.files.tenant", "trial");
    settings.put("serai.files.poll", "50ms");
    settings.put("serai.files.settle", "50ms");
    settings.put("serai.providers.anthropic.api-key", GatewayUnderTest.PROVIDER_KEY);
    settings.put("serai.providers.openai.max-retries", "2");
    role(
        settings,
        THRIFTY,
        "openai/gpt-4o",
        "openai/gpt-4-turbo",
        "openai/gpt-4o-mini",
        "openrouter/mistralai/mistral-small");
    role(settings, BILLED, "openai/gpt-4o-mini", "openrouter/openai/gpt-4o");
    role(settings, ELSEWHERE, "anthropic/claude-haiku-4-5", "openai/gpt-4o");
    return settings;
  }

  private static void role(Map<String, String> settings, String name, String... targets) {
    String prefix = "serai.roles." + name + ".";
    settings.put(prefix + "description", "Goes on to others");
    settings.put(prefix + "cache", "off");
    settings.put(prefix + "max-output-tokens", "1000");
    for (int i = 0; i < targets.length; i++) {
      settings.put(prefix + "targets[" + i + "]", targets[i]);
    }
  }

  void grant(Scope scope, String id, long nanos, Mode mode, OnBudget onBudget) {
    Subject subject = new Subject(scope, id);
    granted.add(subject);
    budgets()
        .put(
            new Budget(subject, nanos, Period.TOTAL, ZoneOffset.UTC, mode, false, onBudget, null),
            "test");
  }

  /** Room for this much more than was spent before. */
  void grantMore(Scope scope, String id, long nanos, OnBudget onBudget) {
    grant(scope, id, Budget.MOST, Mode.HARD, onBudget);
    long before = standing(scope, id).spentNanos();
    grant(scope, id, before + nanos, Mode.HARD, onBudget);
  }

  Standing standing(Scope scope, String id) {
    return Objects.requireNonNull(budgets().standing(new Subject(scope, id)));
  }

  private Budgets budgets() {
    return gateway.part(Budgets.class);
  }

  /** The columns of a request's rows, by attempt. */
  List<Map<String, Object>> rows(Answer answer) {
    gateway.settledLedger(answer.requestId());
    return gateway
        .part(JdbcTemplate.class)
        .queryForList(
            "select * from llm_usage where request_id = ? order by attempt", answer.requestId());
  }

  @Override
  public void close() {
    granted.stream().distinct().forEach(subject -> budgets().delete(subject, "test"));
  }
}
