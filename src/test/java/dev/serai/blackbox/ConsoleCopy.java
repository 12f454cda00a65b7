package dev.serai.blackbox;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Copies all that a run of the tests writes to the console into a file. */
public final class ConsoleCopy implements LauncherSessionListener {
  /** One for each JVM, so that a run of one test at the side does not overwrite it. */
  static final Path FILE =
      Path.of("target", "console-" + ProcessHandle.current().pid() + ".txt").toAbsolutePath();

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    try {
      Files.createDirectories(FILE.getParent());
      OutputStream file = new BufferedOutputStream(Files.newOutputStream(FILE));
      System.setOut(new PrintStream(new Both(System.out, file), true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(new Both(System.err, file), true, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final class Both extends OutputStream {
    private final OutputStream console;
    private final OutputStream file;

    Both(OutputStream console, OutputStream file) {
      this.console = console;
      this.file = file;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      console.write(bytes, from, length);
      synchronized (file) {
        file.write(bytes, from, length);
      }
    }

    @Override
    public void flush() throws IOException {
      console.flush();
      synchronized (file) {
        file.flush();
      }
    }
  }
}
