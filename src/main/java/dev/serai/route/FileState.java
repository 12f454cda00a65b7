package dev.serai.route;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;

/**
 * What tells one version of a file from the next; of a link it is the link's own.
 *
 * @param size in bytes
 * @param modified by the clock of whoever wrote the file, so it may lie in the future
 * @param identity tells apart two files of the same name; null where the file system has none
 * @param ordinary whether it is a file and not a link, a folder or a device
 */
record FileState(long size, FileTime modified, @Nullable Object identity, boolean ordinary) {

  /** How the file is now; null when there is none. */
  static @Nullable FileState of(Path path) {
    try {
      BasicFileAttributes now =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new FileState(now.size(), now.lastModifiedTime(), now.fileKey(), now.isRegularFile());
    } catch (IOException e) {
      return null;
    }
  }
}
