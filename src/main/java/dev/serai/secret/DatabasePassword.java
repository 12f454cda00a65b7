package dev.serai.secret;

import com.zaxxer.hikari.HikariDataSource;
import org.springframework.core.env.PropertyResolver;

/** Gives the pool of connections the database's password after it has changed. */
final class DatabasePassword implements Runnable {

  private final HikariDataSource pool;
  private final PropertyResolver settings;

  DatabasePassword(HikariDataSource pool, PropertyResolver settings) {
    this.pool = pool;
    this.settings = settings;
  }

  @Override
  public void run() {
    String password = settings.getProperty("spring.datasource.password");
    if (password != null && !password.equals(pool.getPassword())) {
      pool.setPassword(password);
    }
  }
}
