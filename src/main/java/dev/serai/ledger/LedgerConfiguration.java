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
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionOperations;
import org.springframework.transaction.support.TransactionTemplate;

/** The ledger's beans; the ledger starts before anything that takes requests and stops after it. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
  LedgerSettings.class,
  OutageSettings.class,
  SinkSettings.class,
  ReconciliationSettings.class
})
class LedgerConfiguration {

  @Bean
  Ledger ledger(
      DataSource dataSource,
      @Value("${serai.home:./data}") Path home,
      @Value("${spring.datasource.url:}") String url,
      LedgerSettings settings,
      OutageSettings outage,
      SinkSettings sink,
      ObjectProvider<Clock> clock) {
    return new Ledger(
        dataSource,
        home.resolve("journal"),
        settings,
        outage,
        new OutboxRows(sink.sink() != SinkSettings.Sink.NONE),
        clock.getIfAvailable(Clock::systemUTC),
        exclusive(url));
  }

  @Bean
  Outbox outbox(JdbcClient jdbc, TransactionOperations transactions, Ledger ledger) {
    return new Outbox(jdbc, transactions, ledger.replicaId());
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
  StatementSums statementSums(UsageReport reports, PlatformTransactionManager manager) {
    return new StatementSums(reports, snapshot(manager));
  }

  @Bean
  Reconciliation reconciliation(
      DataSource dataSource,
      JdbcClient jdbc,
      PlatformTransactionManager manager,
      Changes changes,
      ObjectProvider<Reconciled.Listener> listeners,
      ObjectProvider<Clock> clock) {
    return new Reconciliation(
        new HourCheck(jdbc),
        new BudgetCheck(dataSource, snapshot(manager)),
        new ReconciliationStore(jdbc, new TransactionTemplate(manager)),
        changes,
        dataSource,
        listeners.orderedStream().toList(),
        clock.getIfAvailable(Clock::systemUTC));
  }

  /** Transactions in which every statement sees the same. */
  static TransactionOperations snapshot(PlatformTransactionManager manager) {
    TransactionTemplate snapshot = new TransactionTemplate(manager);
    snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
    snapshot.setReadOnly(true);
    return snapshot;
  }

  @Bean
  SpentSoFar spentSoFar(JdbcClient jdbc) {
    return new SpentSoFar(jdbc);
  }

  @Bean
  TenantSpend tenantSpend(JdbcClient jdbc) {
    return new TenantSpend(jdbc);
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
