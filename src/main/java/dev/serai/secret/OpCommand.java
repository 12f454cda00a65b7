package dev.serai.secret;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * 1Password's command line. Only references are given to it as arguments; what it prints is read by
 * nobody but the gateway.
 *
 * @see <a href="https://developer.1password.com/docs/cli/reference/commands/read">op read</a>
 */
final class OpCommand implements SecretStore {

  private final Path command;
  private final Map<String, String> variables;
  private final Duration limit;

  /**
   * Uses a command.
   *
   * @param variables its own, which may be in {@code .env} only: its token
   */
  OpCommand(Path command, Map<String, String> variables, Duration limit) {
    this.command = command;
    this.variables = Map.copyOf(variables);
    this.limit = limit;
  }

  /** The command {@code op} in the first folder of the path that has one; null without one. */
  static @Nullable Path find(String path) {
    for (String folder : path.split(File.pathSeparator, -1)) {
      try {
        Path command = Path.of(folder.isEmpty() ? "." : folder, "op").toAbsolutePath();
        if (Files.isRegularFile(command) && Files.isExecutable(command)) {
          return command;
        }
      } catch (InvalidPathException e) {
        // Not a folder, so that nothing can be in it.
      }
    }
    return null;
  }

  @Override
  public @Nullable String fetch(Reference reference)
      throws SecretStoreException, InterruptedException {
    Process process = start(reference);
    try {
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new SecretStoreException(
            "1Password's op command did not answer within " + limit.toMillis() + " ms");
      }
      byte[] output = process.getInputStream().readAllBytes();
      if (process.exitValue() == 0) {
        return new String(output, UTF_8);
      }
      String complaint = new String(process.getErrorStream().readNBytes(4096), UTF_8);
      if (isAbsence(complaint.toLowerCase(Locale.ROOT))) {
        return null;
      }
      throw new SecretStoreException(
          "1Password's op command failed with exit code "
              + process.exitValue()
              + "; `op whoami` says whether it is signed in");
    } catch (IOException e) {
      throw new SecretStoreException("what 1Password's op command says cannot be read");
    } finally {
      end(process);
    }
  }

  private Process start(Reference reference) throws SecretStoreException {
    ProcessBuilder builder =
        new ProcessBuilder(command.toString(), "read", "--no-newline", reference.place());
    builder.environment().putAll(variables);
    builder.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    try {
      return builder.start();
    } catch (IOException e) {
      throw new SecretStoreException("1Password's op command cannot be started");
    }
  }

  /** What op says of an item, a vault or a field that is not there. */
  private static boolean isAbsence(String complaint) {
    return complaint.contains("isn't an item")
        || complaint.contains("isn't a field")
        || complaint.contains("isn't a vault")
        || complaint.contains("does not have a field");
  }

  /** With what it has started itself, which would otherwise keep its output open. */
  private static void end(Process process) {
    if (process.isAlive()) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}
