package dev.serai.ledger;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** Carries what is in the journal into the database, rows before what became of them. */
final class Backlog {
  private static final int BATCH = 500;

  private final DataSource dataSource;
  private final Journal journal;
  private final AwayRows awayRows;
  private final Settling settling;
  private final Clock clock;

  Backlog(
      DataSource dataSource, Journal journal, AwayRows awayRows, Settling settling, Clock clock) {
    this.dataSource = dataSource;
    this.journal = journal;
    this.awayRows = awayRows;
    this.settling = settling;
    this.clock = clock;
  }

  /** Writes what earlier processes left. */
  void replay() throws IOException {
    journal.replay(
        contents -> {
          try {
            replay(contents);
          } catch (SQLException e) {
            throw new LedgerUnavailableException("the journal could not be replayed", e);
          }
        });
  }

  /**
   * A row that has no settlement yet is closed; should one be in a later file, it corrects that.
   */
  private void replay(Segment.Contents contents) throws SQLException {
    Set<Long> ended =
        contents.settlements().stream().map(Settlement::id).collect(Collectors.toSet());
    List<Settlement> all = new ArrayList<>(contents.settlements());
    contents.rows().stream()
        .filter(row -> !ended.contains(row.id()))
        .forEach(row -> all.add(Settlement.unsettled(row, clock.instant())));
    if (!contents.rows().isEmpty()) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        awayRows.replay(connection, contents.rows());
      }
    }
    for (int from = 0; from < all.size(); from += BATCH) {
      settling.write(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
  }

  /** Writes settlements, and first those of their rows that are in the journal only. */
  void write(List<Settlement> settlements) throws SQLException {
    List<Long> ids = settlements.stream().map(Settlement::id).toList();
    if (journal.rowsAway() > 0 && !journal.rows(ids).isEmpty()) {
      try (Connection connection = dataSource.getConnection()) {
        connection.setAutoCommit(false);
        awayRows.bring(connection, ids);
      }
    }
    settling.write(settlements);
    journal.written(settlements);
  }

  /** Hands over the settlements that ended before a time and are not written, in batches. */
  void leftovers(Instant endedBefore, Consumer<List<Settlement>> writer) {
    List<Long> ids = journal.unwritten();
    for (int from = 0; from < ids.size(); from += BATCH) {
      List<Long> some = ids.subList(from, Math.min(ids.size(), from + BATCH));
      List<Settlement> settlements = journal.settlements(some, endedBefore);
      if (!settlements.isEmpty()) {
        writer.accept(settlements);
      }
    }
  }
}
