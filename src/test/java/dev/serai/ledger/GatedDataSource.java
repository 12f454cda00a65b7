package dev.serai.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A database whose commits on the ledger's writer can be held up or made to fail. */
final class GatedDataSource extends DelegatingDataSource {
  /** What a broken commit does. */
  enum Breakage {
    BEFORE_COMMIT,
    AFTER_COMMIT
  }

  final Semaphore gate = new Semaphore(1_000_000);
  final AtomicInteger held = new AtomicInteger();
  final AtomicInteger rollbacks = new AtomicInteger();
  final AtomicInteger refused = new AtomicInteger();
  volatile @Nullable Breakage breakage;

  /** While set there is no database for anybody. */
  volatile boolean away;

  private final Thread maker = Thread.currentThread();

  GatedDataSource(DataSource target) {
    super(target);
  }

  /** From now on the writer's commits wait. */
  void shut() {
    gate.drainPermits();
  }

  void reopen() {
    gate.release(1_000_000);
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (away) {
      refused.incrementAndGet();
      throw new SQLException("secret value", "08001");
    }
    Connection connection = super.getConnection();
    if (!onWriter() && Thread.currentThread() != maker) {
      return connection;
    }
    return (Connection)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Connection.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("rollback") && onWriter()) {
                rollbacks.incrementAndGet();
              }
              try {
                return method.getName().equals("commit") && onWriter()
                    ? commit(connection)
                    : method.invoke(connection, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private @Nullable Object commit(Connection connection) throws SQLException {
    held.incrementAndGet();
    gate.acquireUninterruptibly();
    if (away) {
      throw new SQLException("secret value", "08006");
    }
    Breakage how = breakage;
    if (how != Breakage.BEFORE_COMMIT) {
      connection.commit();
    }
    if (how != null) {
      breakage = null;
      throw new SQLException("secret value", "08006");
    }
    return null;
  }

  private static boolean onWriter() {
    return Thread.currentThread().getName().equals("ledger-writer");
  }
}
