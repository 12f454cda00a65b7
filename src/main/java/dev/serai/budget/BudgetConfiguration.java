package dev.serai.budget;

import dev.serai.ledger.Changes;
import dev.serai.ledger.SpentSoFar;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The budgets' beans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(BudgetProperties.class)
class BudgetConfiguration {

  @Bean
  Budgets budgets(
      JdbcClient jdbc,
      Changes changes,
      SpentSoFar spentSoFar,
      BudgetProperties configured,
      Environment environment,
      ObjectProvider<Clock> clock) {
    BudgetFields.check(Binder.get(environment));
    return new Budgets(
        new BudgetStore(jdbc, changes),
        new PeriodStore(jdbc, spentSoFar),
        configured.checked(),
        changes,
        clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  RunningPeriods runningPeriods(JdbcClient jdbc, Budgets budgets) {
    return new RunningPeriods(jdbc, budgets);
  }
}
