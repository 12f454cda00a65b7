package dev.serai.ledger;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/** The ledger's beans; the ledger starts before anything that takes requests and stops after it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LedgerSettings.class)
class LedgerConfiguration {

  @Bean
  Ledger ledger(
      DataSource dataSource,
      @Value("${serai.home:./data}") Path home,
      @Value("${spring.datasource.url:}") String url,
      LedgerSettings settings,
      ObjectProvider<Clock> clock) {
    return new Ledger(
        dataSource,
        home.resolve("journal"),
        settings,
        clock.getIfAvailable(Clock::systemUTC),
        exclusive(url));
  }

  @Bean
  LedgerLifecycle ledgerLifecycle(Ledger ledger) {
    return new LedgerLifecycle(ledger);
  }

  @Bean
  UsageCounts usageCounts(JdbcClient jdbc, TransactionOperations transactions) {
    return new UsageCounts(jdbc, transactions);
  }

  @Bean
  UsageReport usageReport(JdbcClient jdbc) {
    return new UsageReport(jdbc);
  }

  @Bean
  LedgerRows ledgerRows(JdbcClient jdbc) {
    return new LedgerRows(jdbc);
  }

  @Bean
  Changes changes(
      JdbcClient jdbc,
      TransactionOperations transactions,
      LedgerSettings settings,
      @Value("${spring.datasource.url:}") String url,
      ObjectProvider<Clock> clock) {
    Changes changes = new Changes(jdbc, transactions, clock.getIfAvailable(Clock::systemUTC));
    if (!exclusive(url)) {
      changes.start(settings.changesEvery());
    }
    return changes;
  }

  @Bean
  AuditRows auditRows(JdbcClient jdbc) {
    return new AuditRows(jdbc);
  }

  @Bean
  Replicas replicas(JdbcClient jdbc) {
    return new Replicas(jdbc);
  }

  @Bean
  Installation installation(JdbcClient jdbc) {
    return new Installation(jdbc);
  }

  @Bean
  Results results(JdbcClient jdbc, Ledger ledger, ObjectProvider<Clock> clock) {
    return new Results(jdbc, ledger.replicaId(), clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  Conversations conversations(
      JdbcClient jdbc, TransactionOperations transactions, ObjectProvider<Clock> clock) {
    return new Conversations(jdbc, transactions, clock.getIfAvailable(Clock::systemUTC));
  }

  @Bean
  ConversationHolds conversationHolds(
      JdbcClient jdbc, Ledger ledger, @Value("${spring.datasource.url:}") String url) {
    return new ConversationHolds(jdbc, ledger.replicaId(), exclusive(url));
  }

  /** Whether a JDBC URL names a database that one process at a time can open. */
  static boolean exclusive(String url) {
    String lower = url.toLowerCase(Locale.ROOT);
    return lower.startsWith("jdbc:h2:")
        && !lower.startsWith("jdbc:h2:tcp:")
        && !lower.startsWith("jdbc:h2:ssl:")
        && !lower.contains("auto_server=true");
  }

  /** Starts the ledger early and stops it late. */
  static final class LedgerLifecycle implements SmartLifecycle {
    private final Ledger ledger;
    private volatile boolean running;

    LedgerLifecycle(Ledger ledger) {
      this.ledger = ledger;
    }

    @Override
    public void start() {
      ledger.start();
      running = true;
    }

    @Override
    public void stop() {
      running = false;
      ledger.stop();
    }

    @Override
    public boolean isRunning() {
      return running;
    }

    @Override
    public int getPhase() {
      return Integer.MIN_VALUE / 2;
    }
  }
}
