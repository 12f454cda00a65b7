package dev.serai.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The folder of a journal: its files in order, and the lock that keeps other processes out. */
final class JournalFolder implements AutoCloseable {
  private static final String SUFFIX = ".journal";
  private static final String DAMAGED = ".damaged";

  private final Path folder;
  private final FileChannel lockFile;
  private final List<Path> leftBehind;
  private long nextNumber;

  /**
   * Opens the folder, making it where it is missing.
   *
   * @throws FolderInUseException when another process uses it
   */
  JournalFolder(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    lockFile = lock(folder);
    try {
      leftBehind = files(folder, "\\d+\\.journal");
      List<Path> all = files(folder, "\\d+\\.journal(\\.damaged)?");
      nextNumber = all.isEmpty() ? 1 : number(all.getLast()) + 1;
    } catch (IOException | RuntimeException e) {
      lockFile.close();
      throw e;
    }
  }

  /** What earlier processes left, the oldest first. */
  List<Path> leftBehind() {
    return leftBehind;
  }

  /** A name that no file has yet. Not thread-safe. */
  Path next() {
    return folder.resolve(String.format(Locale.ROOT, "%012d%s", nextNumber++, SUFFIX));
  }

  /** Puts a file aside that holds what could not be read; answers its new name. */
  Path setAside(Path file) throws IOException {
    return Files.move(file, file.resolveSibling(file.getFileName() + DAMAGED));
  }

  @Override
  public void close() throws IOException {
    lockFile.close();
  }

  private static long number(Path file) {
    String name = file.getFileName().toString();
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static List<Path> files(Path folder, String pattern) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.getFileName().toString().matches(pattern)).sorted().toList();
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
