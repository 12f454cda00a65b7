package dev.serai.ledger;

import com.zaxxer.hikari.HikariDataSource;
import dev.serai.ledger.Change.Kind;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A migrated database of one test, behind a pool like the gateway's. */
public final class TestDatabase implements AutoCloseable {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  public final HikariDataSource pool;
  final boolean exclusive;

  private TestDatabase(HikariDataSource pool, boolean exclusive) {
    this.pool = pool;
    this.exclusive = exclusive;
    pool.setMaximumPoolSize(6);
    pool.setConnectionTimeout(5_000);
  }

  /** An H2 file. */
  public static TestDatabase h2(Path folder) {
    return h2(folder, "latest");
  }

  /** An H2 file as an earlier version left it. */
  static TestDatabase h2(Path folder, String version) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(
        "jdbc:h2:file:" + folder.resolve("db" + NUMBER.incrementAndGet()) + ";WRITE_DELAY=0");
    pool.setUsername("sa");
    pool.setPassword("");
    TestDatabase database = new TestDatabase(pool, true);
    database.migrate(version);
    return database;
  }

  /** A database of the one PostgreSQL, as an earlier version left it. */
  static TestDatabase postgres(String version) {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    HikariDataSource pool = new HikariDataSource();
    Server.execute(Server.POSTGRES, "CREATE DATABASE " + name);
    pool.setJdbcUrl(Server.POSTGRES.getJdbcUrl("postgres", name));
    TestDatabase database = new TestDatabase(pool, false);
    database.migrate(version);
    return database;
  }

  /** Brings it up to a version, or to the latest. */
  void migrate(String version) {
    Flyway.configure().dataSource(pool).target(version).load().migrate();
  }

  /** A database of the one PostgreSQL. */
  public static TestDatabase postgres() {
    String name = "t" + UUID.randomUUID().toString().replace("-", "");
    HikariDataSource pool = new HikariDataSource();
    Server.execute(Server.POSTGRES, "CREATE DATABASE " + name + " TEMPLATE migrated");
    pool.setJdbcUrl(Server.POSTGRES.getJdbcUrl("postgres", name));
    return new TestDatabase(pool, false);
  }

  public JdbcClient jdbc() {
    return JdbcClient.create(pool);
  }

  /** Where it is, for those who come from outside. */
  public String url() {
    return pool.getJdbcUrl();
  }

  /** Changes as one replica has them, which looks for those of others all the time. */
  public Changes changes() {
    return changes(Duration.ofMillis(20));
  }

  /** A replica's changes, which has begun to look for those of others, as often as that. */
  public Changes changes(Duration every) {
    Changes changes =
        new Changes(
            jdbc(),
            new TransactionTemplate(new DataSourceTransactionManager(pool)),
            Clock.systemUTC());
    CountDownLatch begun = new CountDownLatch(Kind.values().length);
    for (Kind kind : Kind.values()) {
      changes.listen(kind, subject -> begun.countDown());
    }
    changes.start(every);
    try {
      if (!begun.await(10, TimeUnit.SECONDS)) {
        throw new IllegalStateException("the changes are not looked for");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return changes;
  }

  @Override
  public void close() {
    pool.close();
  }

  /** One server for all tests of the JVM; it ends with it. */
  private static final class Server {
    static final EmbeddedPostgres POSTGRES = start();

    private static EmbeddedPostgres start() {
      try {
        EmbeddedPostgres server =
            EmbeddedPostgres.builder().setServerConfig("fsync", "off").start();
        execute(server, "CREATE DATABASE migrated");
        Flyway.configure()
            .dataSource(server.getJdbcUrl("postgres", "migrated"), "postgres", "")
            .load()
            .migrate();
        return server;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    static void execute(EmbeddedPostgres server, String sql) {
      try (Connection connection = server.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
