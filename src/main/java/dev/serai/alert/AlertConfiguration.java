package dev.serai.alert;

import dev.serai.budget.Budgets;
import dev.serai.budget.RunningPeriods;
import dev.serai.catalog.SecretSource;
import dev.serai.ledger.TenantSpend;
import dev.serai.telemetry.Meters;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The alerts' beans. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AlertProperties.class)
class AlertConfiguration {

  @Bean
  WebhookPost webhookPost(
      AlertProperties settings, SecretSource secrets, ObjectProvider<Clock> clock) {
    return new WebhookPost(settings.webhook(), secrets, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  AlertStore alertStore(
      JdbcClient jdbc, TransactionOperations transactions, AlertProperties settings) {
    Set<Channel> channels = EnumSet.of(Channel.LOG);
    if (settings.webhook().wanted()) {
      channels.add(Channel.WEBHOOK);
    }
    if (settings.mail().wanted()) {
      channels.add(Channel.MAIL);
    }
    return new AlertStore(jdbc, transactions, channels);
  }

  @Bean
  Alerts alerts(AlertStore store, Meters meters, ObjectProvider<Clock> clock) {
    return new Alerts(store, meters, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  BudgetWatch budgetWatch(
      RunningPeriods periods,
      Budgets budgets,
      AlertStore store,
      AlertProperties settings,
      ObjectProvider<Clock> clock) {
    return new BudgetWatch(
        periods,
        budgets::refusing,
        store,
        settings.thresholds(),
        clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  SpendWatch spendWatch(
      TenantSpend spend, AlertStore store, AlertProperties settings, ObjectProvider<Clock> clock) {
    return new SpendWatch(spend, store, settings, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  Deliveries deliveries(
      JdbcClient jdbc,
      TransactionOperations transactions,
      Meters meters,
      ObjectProvider<Clock> clock) {
    return new Deliveries(jdbc, transactions, meters, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  AlertRows alertRows(JdbcClient jdbc) {
    return new AlertRows(jdbc);
  }
}
