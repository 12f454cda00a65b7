package dev.serai.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settlements on the local disk from the moment they are known until they are in the database, and
 * the rows of calls that left while it was away. A record survives {@code kill -9} at once; nothing
 * is synced, so after a power cut its row is closed with the estimate instead. A file is deleted
 * when it is full and all of it was written.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

  private record Slot(Segment segment, int start) {}

  private final JournalFolder folder;
  private final int segmentBytes;
  private final long awayBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition prepared = lock.newCondition();
  private final Map<Long, Slot> unwritten = new HashMap<>();
  private final TreeMap<Long, Slot> rows = new TreeMap<>();
  private long bytes;
  private Segment active;
  private @Nullable Segment spare;
  private boolean preparing;
  private boolean closed;

  /**
   * Opens the folder, making it where it is missing.
   *
   * @param awayBytes how large the journal may grow by rows
   * @throws FolderInUseException when another process uses it
   */
  Journal(Path path, int segmentBytes, long awayBytes) throws IOException {
    this.segmentBytes = segmentBytes;
    this.awayBytes = awayBytes;
    folder = new JournalFolder(path);
    try {
      active = new Segment(folder.next(), segmentBytes);
      bytes = segmentBytes;
    } catch (IOException | RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /**
   * Hands over what earlier processes left, file by file, and deletes each file when the writer has
   * returned, or puts it aside where some of it could not be read. When the writer throws, the rest
   * stays for the next time.
   */
  void replay(Consumer<Segment.Contents> writer) throws IOException {
    for (Path file : folder.leftBehind()) {
      List<String> damage = new ArrayList<>();
      Segment.Contents contents = Segment.read(file, damage::add);
      if (!contents.none()) {
        writer.accept(contents);
        LOG.info(
            "journal {}: {} settlements and {} rows replayed",
            file.getFileName(),
            contents.settlements().size(),
            contents.rows().size());
      }
      if (damage.isEmpty()) {
        Files.deleteIfExists(file);
      } else {
        LOG.error(
            "journal {} holds what this version cannot read ({}; {} in all), and is kept as {}: if"
                + " a newer version wrote it, give it its name back and start that version; else"
                + " its calls are charged with their estimates, and it may be deleted",
            file.getFileName(),
            damage.getFirst(),
            damage.size(),
            folder.setAside(file).getFileName());
      }
    }
  }

  /**
   * Appends; false when a settlement of the same row is waiting to be written already, which wins.
   *
   * @throws UncheckedIOException when the disk takes no more
   */
  boolean append(Settlement settlement) {
    byte[] payload = SettlementCodec.encode(settlement);
    lock.lock();
    try {
      return !unwritten.containsKey(settlement.id()) && put(settlement.id(), payload, unwritten);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Appends the row of a call that leaves while the database is away; false when there is no room
   * for more of them.
   *
   * @throws UncheckedIOException when the disk takes no more
   */
  boolean append(OpenRow row) {
    byte[] payload = RowCodec.encode(row);
    lock.lock();
    try {
      return roomFor(payload) && put(row.id(), payload, rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  private boolean roomFor(byte[] payload) {
    long coming = spare != null || preparing ? segmentBytes : 0;
    long inUse = bytes - coming;
    return (active.fits(payload) ? inUse : inUse + segmentBytes) <= awayBytes;
  }

  private boolean put(long id, byte[] payload, Map<Long, Slot> into) throws IOException {
    if (closed) {
      throw new IOException("the journal is closed");
    }
    if (!active.fits(payload)) {
      roll();
    }
    into.put(id, new Slot(active, active.put(payload)));
    if (active.halfFull() && spare == null && !preparing) {
      preparing = true;
      bytes += segmentBytes;
      Thread.ofPlatform().daemon().name("ledger-journal").start(this::prepare);
    }
    return true;
  }

  /** These are in the database; unknown ones are ignored. */
  void written(Collection<Settlement> settlements) {
    done(settlements.stream().map(Settlement::id).toList(), unwritten);
  }

  /** The rows of these are in the database; unknown ones are ignored. */
  void brought(Collection<Long> ids) {
    done(ids, rows);
  }

  private void done(Collection<Long> ids, Map<Long, Slot> from) {
    lock.lock();
    try {
      for (Long id : ids) {
        Slot slot = from.remove(id);
        if (slot != null) {
          slot.segment.wrote();
          deleteIfSpent(slot.segment);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Of which rows the settlements are not in the database yet, in no order. */
  List<Long> unwritten() {
    return ids(unwritten);
  }

  /** Which rows are not in the database yet, in ascending order. */
  List<Long> away() {
    return ids(rows);
  }

  private List<Long> ids(Map<Long, Slot> of) {
    lock.lock();
    try {
      return List.copyOf(of.keySet());
    } finally {
      lock.unlock();
    }
  }

  /** Those of these settlements that ended before a time and are not in the database yet. */
  List<Settlement> settlements(Collection<Long> ids, Instant endedBefore) {
    List<Settlement> found = new ArrayList<>(ids.size());
    for (byte[] payload : payloads(ids, unwritten)) {
      try {
        Settlement settlement = SettlementCodec.decode(payload);
        if (settlement.completedAt().isBefore(endedBefore)) {
          found.add(settlement);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  /** Those of these rows that are not in the database yet. */
  List<OpenRow> rows(Collection<Long> ids) {
    List<OpenRow> found = new ArrayList<>();
    for (byte[] payload : payloads(ids, rows)) {
      try {
        found.add(RowCodec.decode(payload));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return found;
  }

  private List<byte[]> payloads(Collection<Long> ids, Map<Long, Slot> of) {
    lock.lock();
    try {
      List<byte[]> payloads = new ArrayList<>();
      for (Long id : closed || of.isEmpty() ? List.<Long>of() : ids) {
        Slot slot = of.get(id);
        if (slot != null) {
          payloads.add(slot.segment.payloadAt(slot.start));
        }
      }
      return payloads;
    } finally {
      lock.unlock();
    }
  }

  /** How many settlements are not in the database yet. */
  int size() {
    lock.lock();
    try {
      return unwritten.size();
    } finally {
      lock.unlock();
    }
  }

  /** How many rows are not in the database yet. */
  int rowsAway() {
    lock.lock();
    try {
      return rows.size();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Keeps the files that hold something unwritten. Nothing touches the folder once this returned: a
   * spare file that is being made is waited for.
   */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      while (preparing) {
        prepared.awaitUninterruptibly();
      }
      active.seal();
      if (spare != null) {
        spare.delete();
      }
      if (active.spent()) {
        active.delete();
      } else {
        active.unmap();
      }
      Stream.of(unwritten, rows)
          .flatMap(slots -> slots.values().stream())
          .map(Slot::segment)
          .distinct()
          .filter(segment -> segment != active)
          .forEach(Segment::unmap);
    } finally {
      folder.close();
      lock.unlock();
    }
  }

  private void roll() throws IOException {
    Segment next = spare;
    if (next == null) {
      next = new Segment(folder.next(), segmentBytes);
      bytes += segmentBytes;
    }
    spare = null;
    Segment full = active;
    active = next;
    full.seal();
    deleteIfSpent(full);
  }

  private void prepare() {
    Segment made = null;
    try {
      made = new Segment(reserveFile(), segmentBytes);
    } catch (IOException e) {
      LOG.warn("no spare journal segment could be made: {}", e.toString());
    } finally {
      lock.lock();
      try {
        spare = made;
        bytes -= made == null ? segmentBytes : 0;
        preparing = false;
        prepared.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private Path reserveFile() {
    lock.lock();
    try {
      return folder.next();
    } finally {
      lock.unlock();
    }
  }

  private void deleteIfSpent(Segment segment) {
    if (!closed && segment.spent()) {
      try {
        bytes -= segmentBytes;
        segment.delete();
      } catch (IOException e) {
        LOG.warn("journal {} could not be deleted: {}", segment.file.getFileName(), e.toString());
      }
    }
  }
}
