package dev.serai.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * An executable {@code op} in a folder of its own, for the PATH. What it keeps is in files named by
 * the reference; it wants a token, and writes down its arguments.
 */
public final class FakeOp {

  public static final String TOKEN = "ops_token-of-the-tests-0123456789";

  private static final String SCRIPT =
      """
      #!/bin/sh
      here=$(dirname "$0")
      echo "$*" >> "$here/arguments"
      if [ -f "$here/hangs" ]; then sleep 60; fi
      if [ -f "$here/fails" ]; then echo "[ERROR] service is down: $OP_SERVICE_ACCOUNT_TOKEN" >&2; exit 7; fi
      if [ "$OP_SERVICE_ACCOUNT_TOKEN" != "%s" ]; then echo "[ERROR] not signed in" >&2; exit 1; fi
      if [ "$1 $2" != "read --no-newline" ]; then echo "[ERROR] unknown command" >&2; exit 2; fi
      item=$here/$(echo "$3" | sed 's|^op://||; s|/|_|g')
      if [ -f "$item" ]; then cat "$item"; exit 0; fi
      echo "[ERROR] could not read secret '$3': it isn't an item in the vault" >&2
      exit 1
      """
          .formatted(TOKEN);

  private final Path folder;

  public FakeOp(Path folder) {
    this.folder = folder;
    try {
      Path script = Files.writeString(folder.resolve("op"), SCRIPT);
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A PATH with this command and those that its script needs. */
  public String path() {
    return folder + ":/usr/bin:/bin";
  }

  public FakeOp put(String vaultItemField, String secret) {
    write(vaultItemField.replace('/', '_'), secret);
    return this;
  }

  public void hangs() {
    write("hangs", "");
  }

  public void fails(boolean now) {
    if (now) {
      write("fails", "");
    } else {
      try {
        Files.delete(folder.resolve("fails"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** What it was called with, a line for each call. */
  public List<String> arguments() {
    Path file = folder.resolve("arguments");
    try {
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String text) {
    try {
      Path next = Files.writeString(folder.resolve(name + ".next"), text);
      Files.move(
          next,
          folder.resolve(name),
          java.nio.file.StandardCopyOption.ATOMIC_MOVE,
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
