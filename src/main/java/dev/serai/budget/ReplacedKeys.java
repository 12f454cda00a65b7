package dev.serai.budget;

import dev.serai.limit.Scope;
import dev.serai.limit.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which keys had their place taken by which, those among them that are revoked included. */
final class ReplacedKeys {

  /** A call names so many periods at most. */
  private static final int MOST_COUNTING = 5;

  /** Against a circle, which nobody can make. */
  private static final int LONGEST_LINE = 1000;

  private final JdbcClient jdbc;

  ReplacedKeys(JdbcClient jdbc) {
    this.jdbc = jdbc;
  }

  /** All of them, by the id of the earlier one. */
  Map<String, String> all() {
    Map<String, String> replaced = new HashMap<>();
    jdbc.sql("SELECT key_id, replaced_by FROM replaced_keys")
        .query(
            rows -> {
              replaced.put(rows.getString(1), rows.getString(2));
            });
    return replaced;
  }

  /**
   * With the keys that took the place of those among them, as far as they count at all: of more
   * than a call can name, the latest.
   */
  static Collection<Subject> with(
      Collection<Subject> subjects, Map<String, String> replaced, Predicate<Subject> counts) {
    if (replaced.isEmpty()) {
      return subjects;
    }
    List<Subject> all = new ArrayList<>(subjects);
    for (Subject subject : subjects) {
      if (subject.scope() == Scope.KEY) {
        List<Subject> later = later(subject.id(), replaced, counts);
        all.addAll(later.subList(Math.max(0, later.size() - MOST_COUNTING), later.size()));
      }
    }
    return all;
  }

  private static List<Subject> later(
      String key, Map<String, String> replaced, Predicate<Subject> counts) {
    List<Subject> later = new ArrayList<>();
    String next = replaced.get(key);
    for (int i = 0; next != null && i < LONGEST_LINE; i++) {
      Subject subject = new Subject(Scope.KEY, next);
      if (counts.test(subject)) {
        later.add(subject);
      }
      next = replaced.get(next);
    }
    return later;
  }

  /** A key takes the place of another, inside the transaction of the caller. */
  void add(String key, String replacedBy) {
    jdbc.sql("INSERT INTO replaced_keys (key_id, replaced_by) VALUES (:key, :by)")
        .param("key", key)
        .param("by", replacedBy)
        .update();
  }

  /**
   * A key is revoked, inside the transaction of the caller. Its place in the line is kept while
   * there is a later one.
   */
  void revoked(String key) {
    if (count("SELECT count(*) FROM replaced_keys WHERE key_id = :key", key) == 0) {
      forgetEarlier(key, false);
    }
  }

  /** A key goes with its tenant, and with it all earlier ones. */
  void forget(String key) {
    jdbc.sql("DELETE FROM replaced_keys WHERE key_id = :key").param("key", key).update();
    forgetEarlier(key, true);
  }

  private void forgetEarlier(String key, boolean all) {
    for (String earlier : earlier(key)) {
      jdbc.sql("DELETE FROM replaced_keys WHERE key_id = :key").param("key", earlier).update();
      if (all || count("SELECT count(*) FROM gateway_keys WHERE id = :key", earlier) == 0) {
        forgetEarlier(earlier, all);
      }
    }
  }

  private List<String> earlier(String key) {
    return jdbc.sql("SELECT key_id FROM replaced_keys WHERE replaced_by = :key")
        .param("key", key)
        .query(String.class)
        .list();
  }

  private long count(String sql, String key) {
    return jdbc.sql(sql).param("key", key).query(Long.class).single();
  }
}
