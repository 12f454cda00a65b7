package dev.serai.ledger;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What reservation and ledger cost alone, without a gateway around them: calls are opened, settled
 * and written as the gateway does it, against an H2 file and a PostgreSQL that syncs its log. Not a
 * test; {@code bench/ledger.sh} runs it.
 */
class LedgerBench {
  private static final int CALLERS = Integer.getInteger("callers", 64);
  private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("warmUp", 20));
  private static final Duration RUN = Duration.ofSeconds(Integer.getInteger("seconds", 15));
  private static final OperatingSystemMXBean SYSTEM =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

  @TempDir Path folder;

  @Test
  void h2() throws Exception {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl("jdbc:h2:file:" + folder.resolve("serai") + ";WRITE_DELAY=0;CACHE_SIZE=2048");
    pool.setUsername("sa");
    pool.setPassword("");
    measure("H2 file", pool, true);
  }

  @Test
  void postgresql() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start()) {
      HikariDataSource pool = new HikariDataSource();
      pool.setJdbcUrl(server.getJdbcUrl("postgres", "postgres"));
      measure("PostgreSQL", pool, false);
    }
  }

  private void measure(String name, HikariDataSource pool, boolean exclusive) throws Exception {
    try (pool) {
      Flyway.configure().dataSource(pool).load().migrate();
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        for (int id = 1; id <= 3; id++) {
          statement.execute(
              "INSERT INTO budget_periods (id, scope, subject, starts_at, hard, limit_nanos,"
                  + " carried_nanos, spent_nanos, reserved_nanos) VALUES ("
                  + id
                  + ", 'tenant', '"
                  + id
                  + "', CURRENT_TIMESTAMP, TRUE, 1000000000000000000, 0, 0, 0)");
        }
      }
      Path home = Files.createDirectories(folder.resolve("home-" + name.charAt(0)));
      Ledger ledger = new Ledger(pool, home, LedgerSettings.DEFAULTS, Clock.systemUTC(), exclusive);
      ledger.start();
      try {
        run(ledger, 3, WARM_UP);
        for (int round = 0; round < 2; round++) {
          for (int budgets : new int[] {0, 3}) {
            report(name, budgets, run(ledger, budgets, RUN));
          }
        }
      } finally {
        ledger.stop();
      }
      check(pool);
    }
  }

  private record Result(long calls, double seconds, double cpuMillis, double serverCpuMillis) {}

  private static void report(String name, int budgets, Result result) {
    System.out.printf(
        Locale.ROOT,
        "LEDGER %-10s budgets %d: %,d calls, %,.0f a second, CPU %.4f ms a call%s%n",
        name,
        budgets,
        result.calls,
        result.calls / result.seconds,
        result.cpuMillis / result.calls,
        result.serverCpuMillis == 0
            ? ""
            : String.format(
                Locale.ROOT, ", the server's %.4f", result.serverCpuMillis / result.calls));
  }

  /** So many callers, each of which opens and settles one call after the other. */
  private static Result run(Ledger ledger, int budgets, Duration time) throws Exception {
    Reservation reservation = Reservation.in(LongStream.rangeClosed(1, budgets).boxed().toList());
    BlockingQueue<Settlement> ended = new LinkedBlockingQueue<>();
    AtomicLong calls = new AtomicLong();
    AtomicBoolean going = new AtomicBoolean(true);
    long cpu = SYSTEM.getProcessCpuTime();
    long server = serverCpu();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CALLERS; i++) {
        threads.execute(
            () -> {
              while (going.get()) {
                long id = ledger.nextId();
                ledger.open(Rows.open(id, "acme", "key-1", 1_000, reservation));
                Settlement settlement = Rows.settled(id);
                ledger.settled(settlement);
                ended.add(settlement);
                calls.incrementAndGet();
              }
            });
      }
      threads.execute(() -> write(ledger, ended, going));
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
      going.set(false);
    }
    return new Result(
        calls.get(),
        (System.nanoTime() - start) / 1e9,
        (SYSTEM.getProcessCpuTime() - cpu) / 1e6,
        (serverCpu() - server) / 1e6);
  }

  /** As the accounting route does: at most 500 together, and none waits for longer than 50 ms. */
  private static void write(Ledger ledger, BlockingQueue<Settlement> ended, AtomicBoolean going) {
    while (going.get() || !ended.isEmpty()) {
      List<Settlement> batch = new ArrayList<>();
      try {
        Settlement first = ended.poll(50, TimeUnit.MILLISECONDS);
        if (first == null) {
          continue;
        }
        batch.add(first);
        long until = System.nanoTime() + 50_000_000;
        while (batch.size() < 500) {
          Settlement next = ended.poll(until - System.nanoTime(), TimeUnit.NANOSECONDS);
          if (next == null) {
            break;
          }
          batch.add(next);
        }
      } catch (InterruptedException e) {
        return;
      }
      ledger.write(batch);
    }
  }

  private static long serverCpu() {
    return ProcessHandle.current()
        .descendants()
        .flatMap(process -> process.info().totalCpuDuration().stream())
        .mapToLong(Duration::toNanos)
        .sum();
  }

  /** What is reserved must be nothing, and what is spent the sum of the rows. */
  private static void check(HikariDataSource pool) throws SQLException, IOException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        var rows =
            statement.executeQuery(
                "SELECT (SELECT SUM(reserved_nanos) FROM budget_periods),"
                    + " (SELECT SUM(spent_nanos) FROM budget_periods)"
                    + " - 3 * (SELECT SUM(cost_nanos) FROM llm_usage WHERE budgets IS NOT NULL)")) {
      rows.next();
      if (rows.getLong(1) != 0 || rows.getLong(2) != 0) {
        throw new IOException("the budgets are not what the rows say");
      }
    }
  }
}
