package dev.serai.budget;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serai.budget.BudgetProperties.Unpriced;
import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class BudgetPropertiesTest {

  private static Map<Subject, Budget> configured(Map<String, Object> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                "test-systemEnvironment", new HashMap<>(variables)));
    ConfigurationPropertySources.attach(environment);
    Binder binder = Binder.get(environment);
    BudgetFields.check(binder);
    return binder.bindOrCreate("serai.budgets", BudgetProperties.class).checked();
  }

  @Test
  void grants_what_is_written_and_fills_in_the_rest() {
    Map<Subject, Budget> budgets =
        configured(
            Map.of(
                "serai.budgets.tenant.acme.limit-usd", "12.5",
                "serai.budgets.tenant.acme.period", "week",
                "serai.budgets.tenant.acme.time-zone", "Europe/Berlin",
                "serai.budgets.tenant.acme.mode", "soft",
                "serai.budgets.tenant.acme.carry-over", "true",
                "serai.budgets.tenant.acme.on-budget", "degrade",
                "serai.budgets.key.k.limit-usd", "0.000000001",
                "serai.budgets.role.rag.limit-usd", "1000000000",
                "serai.budgets.provider.openai.limit-usd", "1",
                "SERAI_BUDGETS_GATEWAY_LIMITUSD", "7"));

    Subject acme = new Subject(Scope.TENANT, "acme");
    assertThat(budgets)
        .containsEntry(
            acme,
            new Budget(
                acme,
                12_500_000_000L,
                Period.WEEK,
                ZoneId.of("Europe/Berlin"),
                Budget.Mode.SOFT,
                true,
                Budget.OnBudget.DEGRADE,
                null))
        .containsEntry(
            Subject.GATEWAY,
            new Budget(
                Subject.GATEWAY,
                7_000_000_000L,
                Period.MONTH,
                ZoneId.of("UTC"),
                Budget.Mode.HARD,
                false,
                Budget.OnBudget.REFUSE,
                null))
        .hasSize(5);
    assertThat(budgets.values())
        .extracting(Budget::limitNanos)
        .contains(1L, 1_000_000_000_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource({
    "limit-usd, 0, limit-usd is missing or no amount",
    "limit-usd, 0.00, limit-usd is missing or no amount",
    "limit-usd, -1, limit-usd is missing or no amount",
    "limit-usd, 1.0000000001, limit-usd is missing or no amount",
    "limit-usd, 1000000000.000000001, limit-usd is missing or no amount",
    "limit-usd, 1e3, limit-usd is missing or no amount",
    "limit-usd, 5 EUR, limit-usd is missing or no amount",
    "period, year, 'period is not known: it is one of day, week, month, total'",
    "period, DAY, 'period is not known: it is one of day, week, month, total'",
    "mode, firm, 'mode is not known: it is one of hard, soft'",
    "time-zone, Europe/Atlantis, 'time-zone is not known: it takes an IANA name'",
    "time-zone, UTC+25, 'time-zone is not known: it takes an IANA name'",
    "on-budget, panic, 'on-budget is not known: it is one of refuse, degrade'",
    "limit-eur, 5, has the unknown field limit-eur",
    "timezone-id, UTC, has the unknown field timezone-id",
  })
  void refuses_what_cannot_be_granted_and_names_the_entry(
      String field, String value, String problem) {
    for (String entry : new String[] {"tenant.acme", "provider.openai", "gateway"}) {
      Map<String, Object> settings = new HashMap<>();
      settings.put("serai.budgets." + entry + ".limit-usd", "1.00");
      settings.put("serai.budgets." + entry + "." + field, value);

      assertThatThrownBy(() -> configured(settings))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith("serai.budgets." + entry)
          .hasMessageContaining(problem);
    }
  }

  @Test
  void refuses_a_budget_without_a_limit() {
    assertThatThrownBy(() -> configured(Map.of("serai.budgets.tenant.acme.mode", "hard")))
        .hasMessageContaining("serai.budgets.tenant.acme cannot be used: limit-usd is missing");
  }

  @Test
  void unpriced_calls_are_allowed_and_a_tenth_is_put_on_counts_unless_it_is_said() {
    BudgetProperties settings =
        new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("serai.budgets", BudgetProperties.class);

    assertThat(settings.unpriced()).isEqualTo(Unpriced.ALLOW);
    assertThat(settings.inputMarginHundredths()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "12.5, 1250", "0.25, 25", "1000, 100000", "1E+1, 1000"})
  void the_margin_is_in_per_cent(BigDecimal margin, int hundredths) {
    assertThat(with(margin).inputMarginHundredths()).isEqualTo(hundredths);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1000.01", "0.001", "1e9"})
  void a_margin_that_makes_no_sense_is_refused(String margin) {
    assertThatThrownBy(() -> with(new BigDecimal(margin)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("serai.budgets.input-margin");
  }

  private static BudgetProperties with(BigDecimal margin) {
    return new BudgetProperties(
        Duration.ZERO, margin, Unpriced.REFUSE, Map.of(), Map.of(), Map.of(), Map.of(), null);
  }
}
