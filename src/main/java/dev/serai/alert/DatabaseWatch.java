package dev.serai.alert;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Asks the database again and again, and says once when it does not answer. */
final class DatabaseWatch {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseWatch.class);

  private final String what;
  private volatile boolean away;

  /** Names what does not go on while the database is away. */
  DatabaseWatch(String what) {
    this.what = what;
  }

  /** The answer; {@code otherwise} when there is none. */
  <T> T ask(Supplier<T> question, T otherwise) {
    try {
      T answer = question.get();
      away = false;
      return answer;
    } catch (DataAccessException | TransactionException e) {
      if (!away) {
        LOG.warn("{} until the database can be used again: class={}", what, e.getClass().getName());
      }
      away = true;
      return otherwise;
    }
  }
}
