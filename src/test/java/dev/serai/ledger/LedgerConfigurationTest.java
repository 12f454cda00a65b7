package dev.serai.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class LedgerConfigurationTest {
  @TempDir Path home;

  @Test
  void the_context_starts_and_stops_the_ledger() {
    context()
        .run(
            context -> {
              Ledger ledger = context.getBean(Ledger.class);
              long id = ledger.nextId();
              ledger.open(Rows.open(id));
              ledger.settled(Rows.settled(id));
              assertThat(ledger.stats())
                  .isEqualTo(new LedgerStats(0, 1, ledger.stats().commits(), 1, 1, false, 0));
            });

    context()
        .run(
            context -> {
              UsageReport report = context.getBean(UsageReport.class);
              assertThat(
                      report.read(new UsageQuery(null, null, null, List.of())).total().costNanos())
                  .isEqualTo(737_500);
              assertThat(context.getBean(LedgerRows.class).read(LedgerRows.Query.all(9)).rows())
                  .hasSize(1);
              assertThat(context).hasSingleBean(UsageCounts.class).hasSingleBean(Results.class);
            });
  }

  @Test
  void the_ledger_starts_before_the_web_server_and_stops_after_it() {
    context()
        .run(
            context ->
                assertThat(context.getBean(LedgerConfiguration.LedgerLifecycle.class).getPhase())
                    .isNegative());
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:h2:file:./data/serai, true",
    "jdbc:h2:mem:x, true",
    "jdbc:h2:tcp://host/serai, false",
    "jdbc:h2:ssl://host/serai, false",
    "jdbc:h2:file:./data/serai;AUTO_SERVER=TRUE, false",
    "jdbc:postgresql://host/serai, false",
    "'', false"
  })
  void an_embedded_database_has_one_process(String url, boolean exclusive) {
    assertThat(LedgerConfiguration.exclusive(url)).isEqualTo(exclusive);
  }

  private ApplicationContextRunner context() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataSourceAutoConfiguration.class,
                DataSourceTransactionManagerAutoConfiguration.class,
                TransactionAutoConfiguration.class,
                JdbcTemplateAutoConfiguration.class,
                JdbcClientAutoConfiguration.class,
                FlywayAutoConfiguration.class))
        .withUserConfiguration(LedgerConfiguration.class)
        .withPropertyValues(
            "serai.home=" + home,
            "spring.datasource.url=jdbc:h2:file:" + home.resolve("serai") + ";WRITE_DELAY=0",
            "spring.datasource.username=sa");
  }
}
