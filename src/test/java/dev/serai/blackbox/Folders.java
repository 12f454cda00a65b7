package dev.serai.blackbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** One role's inbox, outbox and failed folder, as somebody who drops files there sees them. */
record Folders(Path home, Path inbox, Path outbox, Path failed) {

  static Folders of(Path home, String role) {
    try {
      return new Folders(
          home,
          Files.createDirectories(home.resolve("inbox").resolve(role)),
          home.resolve("outbox").resolve(role),
          home.resolve("failed").resolve(role));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts a complete file into the inbox, by renaming. */
  void drop(String name, byte[] content) {
    try {
      Path beside = Files.write(home.resolve(name + ".being-written"), content);
      Files.move(beside, inbox.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void drop(String name, String content) {
    drop(name, content.getBytes(UTF_8));
  }

  /** The text of the answer, as soon as it and its sidecar are there. */
  String answer(String name) {
    await(outbox, name + ".json");
    return text(outbox, name);
  }

  /** What the sidecar says. */
  JsonNode sidecar(String name) {
    return json(outbox, name + ".json");
  }

  /** What stands beside a file that failed, as soon as both are there. */
  JsonNode error(String name) {
    await(failed, name);
    return json(failed, name + ".error.json");
  }

  /** The names in the outbox, hidden ones included. */
  List<String> answered() {
    return names(outbox);
  }

  static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode json(Path folder, String name) {
    await(folder, name);
    try {
      return new ObjectMapper().readTree(Files.readAllBytes(folder.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Path folder, String name) {
    await(folder, name);
    try {
      return Files.readString(folder.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Path folder, String name) {
    Awaitility.await()
        .alias(name + " in " + folder)
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.exists(folder.resolve(name)));
  }
}
