package dev.serai.route;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.chat.ApiError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Where answers and failures are put; nobody ever sees half a file. */
final class Outbox {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String REASON = ".error.json";
  private static final int LONGEST_NAME = 255;

  private final Path answers;
  private final Path failures;

  Outbox(Path home) {
    answers = home.resolve("outbox");
    failures = home.resolve("failed");
  }

  /**
   * Writes the whole result, then the text, so that the text's appearance means that all is there.
   * The answer to a JSON request is JSON: the whole result.
   */
  void deliver(PromptFile file, String content, String result) throws IOException {
    Path text = answers.resolve(file.relative());
    write(beside(text, ".json"), result);
    write(text, "json".equals(FileEntry.kind(file.relative())) ? result : content);
  }

  /**
   * Writes the reason, then moves the file there, unless it is another one by now. A name that
   * leaves no room for the reason's is cut, with a hash of the whole in place of the rest.
   */
  void fail(PromptFile file, String requestId, ApiError error) throws IOException {
    String name = String.valueOf(file.relative().getFileName());
    Path target = failures.resolve(file.relative()).resolveSibling(fitting(name));
    ObjectNode root = JSON.createObjectNode();
    root.putObject("error")
        .put("message", error.message())
        .put("type", error.type())
        .put("param", error.param())
        .put("code", error.code());
    root.put("status", error.status());
    root.put("request_id", requestId);
    write(beside(target, REASON), JSON.writeValueAsString(root));
    if (!file.unchanged()) {
      return;
    }
    try {
      Files.move(file.path(), target, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      // Somebody took it away meanwhile; the reason stays.
    }
  }

  private static String fitting(String name) {
    if (fits(name)) {
      return name;
    }
    int dot = name.lastIndexOf('.');
    String ending = dot > 0 && name.length() - dot <= 5 ? name.substring(dot) : "";
    String hash = PromptFile.hash(name.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    int end = name.length() - ending.length();
    while (!fits(name.substring(0, end) + "-" + hash + ending)) {
      end = name.offsetByCodePoints(end, -1);
    }
    return name.substring(0, end) + "-" + hash + ending;
  }

  private static boolean fits(String name) {
    return (name + REASON).getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
  }

  private static Path beside(Path path, String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  private static void write(Path path, String text) throws IOException {
    Files.createDirectories(path.getParent());
    String unique = System.nanoTime() + "-" + Thread.currentThread().threadId();
    Path hidden = path.resolveSibling(".serai-" + unique + ".tmp");
    try {
      Files.writeString(hidden, text, StandardOpenOption.CREATE_NEW);
      Files.move(hidden, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(hidden);
    }
  }
}
