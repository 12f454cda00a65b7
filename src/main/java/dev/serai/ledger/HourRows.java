package dev.serai.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What the rows of an hour add up to, changed within the transactions that change the rows, so that
 * the two agree whatever happens.
 */
final class HourRows {
  private static final String ADD =
      "UPDATE usage_hours SET "
          + Tally.COLUMNS.stream()
              .map(each -> each.name() + " = " + each.name() + " + ?")
              .collect(Collectors.joining(", "))
          + " WHERE "
          + UsageKey.HOUR_COLUMNS.stream()
              .map(column -> column + " = ?")
              .collect(Collectors.joining(" AND "));
  private static final String MAKE =
      "INSERT INTO usage_hours ("
          + String.join(", ", UsageKey.HOUR_COLUMNS)
          + ", "
          + Tally.COLUMNS.stream().map(Tally.Column::name).collect(Collectors.joining(", "))
          + ") VALUES ("
          + String.join(", ", Collections.nCopies(UsageKey.HOUR_COLUMNS.size(), "?"))
          + ", 0".repeat(Tally.COLUMNS.size())
          + ")";

  /** What a transaction changes, by key; the order is that in which rows are locked. */
  static final class Changes {
    private final Map<UsageKey, Tally> byKey = new TreeMap<>();

    void add(UsageKey key, Tally tally) {
      byKey.merge(key, tally, Tally::plus);
    }

    boolean has(UsageKey key) {
      return byKey.containsKey(key);
    }
  }

  /** Work of one transaction on rows and their sums. */
  interface Work {
    /** Does it; answers which sums have no row yet. */
    List<UsageKey> run() throws SQLException;
  }

  private HourRows() {}

  /**
   * Runs and commits. Where sums have no row yet, the work is rolled back, the rows are made in a
   * transaction of their own, and the work is done again: so nobody waits for a row that another
   * transaction is about to insert while holding those of a later key.
   */
  static void transact(Connection connection, Work work) throws SQLException {
    List<UsageKey> missing = work.run();
    while (!missing.isEmpty()) {
      connection.rollback();
      make(connection, missing);
      missing = work.run();
    }
    connection.commit();
  }

  /** Adds to the sums; answers which of them have no row: then the transaction is to go back. */
  static List<UsageKey> add(Connection connection, Changes changes) throws SQLException {
    List<UsageKey> keys = new ArrayList<>(changes.byKey.size());
    try (PreparedStatement update = connection.prepareStatement(ADD)) {
      for (Map.Entry<UsageKey, Tally> change : changes.byKey.entrySet()) {
        int index = 0;
        for (long value : change.getValue().values()) {
          update.setLong(++index, value);
        }
        bind(update, index, change.getKey());
        update.addBatch();
        keys.add(change.getKey());
      }
      List<UsageKey> missing = new ArrayList<>();
      int[] counts = keys.isEmpty() ? new int[0] : update.executeBatch();
      for (int i = 0; i < counts.length; i++) {
        if (counts[i] == 0) {
          missing.add(keys.get(i));
        }
      }
      return missing;
    }
  }

  /** Makes rows in which nothing is counted yet, and commits; those that are there stay. */
  static void make(Connection connection, List<UsageKey> keys) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(MAKE)) {
      for (UsageKey key : keys.stream().sorted().toList()) {
        bind(insert, 0, key);
        try {
          insert.executeUpdate();
          connection.commit();
        } catch (SQLException e) {
          connection.rollback();
          if (!Faults.duplicate(e)) {
            throw e;
          }
        }
      }
    }
  }

  /** As {@link #make}, in the caller's transaction, which fails where one is there already. */
  static void makeWithin(Connection connection, List<UsageKey> keys) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(MAKE)) {
      for (UsageKey key : keys) {
        bind(insert, 0, key);
        insert.executeUpdate();
      }
    }
  }

  private static void bind(PreparedStatement statement, int before, UsageKey key)
      throws SQLException {
    statement.setLong(before + 1, key.epochHour());
    int index = before + 1;
    for (String text : key.texts()) {
      statement.setString(++index, text);
    }
  }
}
