package dev.serai.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settlements on the local disk from the moment they are known until they are in the database. A
 * record survives {@code kill -9} at once; nothing is synced, so after a power cut its row is
 * closed with the estimate instead. A file is deleted when it is full and all of it was written.
 */
final class Journal implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final String SUFFIX = ".journal";

  private record Slot(Segment segment, int start) {}

  private final Path folder;
  private final int segmentBytes;
  private final FileChannel lockFile;
  private final List<Path> leftBehind;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition prepared = lock.newCondition();
  private final Map<Long, Slot> unwritten = new HashMap<>();
  private long nextNumber;
  private Segment active;
  private @Nullable Segment spare;
  private boolean preparing;
  private boolean closed;

  /**
   * Opens the folder, making it where it is missing.
   *
   * @throws FolderInUseException when another process uses it
   */
  Journal(Path folder, int segmentBytes) throws IOException {
    this.folder = folder;
    this.segmentBytes = segmentBytes;
    Files.createDirectories(folder);
    lockFile = lock(folder);
    try {
      leftBehind = segments(folder);
      nextNumber = leftBehind.isEmpty() ? 1 : number(leftBehind.getLast()) + 1;
      active = new Segment(nextFile(), segmentBytes);
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  /**
   * Hands over what earlier processes left, file by file, and deletes each file when the writer has
   * returned. When the writer throws, the rest stays for the next time.
   */
  void replay(Consumer<List<Settlement>> writer) throws IOException {
    for (Path file : leftBehind) {
      List<Settlement> settlements =
          Segment.read(file, what -> LOG.warn("journal {}: {}", file.getFileName(), what));
      if (!settlements.isEmpty()) {
        writer.accept(settlements);
        LOG.info("journal {}: {} settlements replayed", file.getFileName(), settlements.size());
      }
      Files.deleteIfExists(file);
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
      if (closed) {
        throw new UncheckedIOException(new IOException("the journal is closed"));
      }
      if (unwritten.containsKey(settlement.id())) {
        return false;
      }
      if (!active.fits(payload)) {
        roll();
      }
      int start = active.put(payload);
      unwritten.put(settlement.id(), new Slot(active, start));
      if (active.halfFull() && spare == null && !preparing) {
        preparing = true;
        Thread.ofPlatform().daemon().name("ledger-journal").start(this::prepare);
      }
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  /** These are in the database; unknown ones are ignored. */
  void written(Collection<Settlement> settlements) {
    lock.lock();
    try {
      for (Settlement settlement : settlements) {
        Slot slot = unwritten.remove(settlement.id());
        if (slot != null) {
          slot.segment.wrote();
          deleteIfSpent(slot.segment);
        }
      }
    } finally {
      lock.unlock();
    }
  }

  /** Settlements that ended before a time and are not in the database yet. */
  List<Settlement> unwritten(Instant endedBefore) {
    lock.lock();
    try {
      List<Settlement> settlements = new ArrayList<>();
      if (!closed) {
        for (Slot slot : unwritten.values()) {
          Settlement settlement = SettlementCodec.decode(slot.segment.payloadAt(slot.start));
          if (settlement.completedAt().isBefore(endedBefore)) {
            settlements.add(settlement);
          }
        }
      }
      return settlements;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
      unwritten.values().stream()
          .map(Slot::segment)
          .distinct()
          .filter(segment -> segment != active)
          .forEach(Segment::unmap);
    } finally {
      lockFile.close();
      lock.unlock();
    }
  }

  private void roll() throws IOException {
    Segment next = spare != null ? spare : new Segment(nextFile(), segmentBytes);
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
      return nextFile();
    } finally {
      lock.unlock();
    }
  }

  private void deleteIfSpent(Segment segment) {
    if (!closed && segment.spent()) {
      try {
        segment.delete();
      } catch (IOException e) {
        LOG.warn("journal {} could not be deleted: {}", segment.file.getFileName(), e.toString());
      }
    }
  }

  private Path nextFile() {
    return folder.resolve(String.format(Locale.ROOT, "%012d%s", nextNumber++, SUFFIX));
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
  }

  private static List<Path> segments(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("\\d+\\.journal"))
          .sorted()
          .toList();
    }
  }

  private static FileChannel lock(Path folder) throws IOException {
    FileChannel channel =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock held;
    try {
      held = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      channel.close();
      throw new FolderInUseException(folder);
    }
    return channel;
  }
}
